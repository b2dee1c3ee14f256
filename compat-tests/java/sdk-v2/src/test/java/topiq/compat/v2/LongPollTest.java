package topiq.compat.v2;

import static org.assertj.core.api.Assertions.assertThat;
import static topiq.compat.Eventually.after;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** A receive that waits for its message. */
class LongPollTest extends Story {

    @Test
    void aSendFromElsewhereWakesIt() {
        var url = createQueue();
        var sending = after(
                Duration.ofMillis(500),
                () -> sqs.sendMessage(r -> r.queueUrl(url).messageBody("wake up")));
        assertThat(bodies(receive(url, 20))).containsExactly("wake up");
        sending.join();
    }

    @Test
    void aPublishWakesIt() {
        var topic = createTopic();
        var url = createSubscriber(topic, Map.of("RawMessageDelivery", "true"));
        var publishing = after(
                Duration.ofMillis(500), () -> sns.publish(r -> r.topicArn(topic).message("wake up")));
        assertThat(bodies(receive(url, 20))).containsExactly("wake up");
        publishing.join();
    }

    @Test
    void theQueueMayHaveAWaitOfItsOwn() {
        var url = createQueue(Map.of(QueueAttributeName.RECEIVE_MESSAGE_WAIT_TIME_SECONDS, "20"));
        assertThat(receive(url, 0)).as("a receive may ask not to wait").isEmpty();
        var sending = after(
                Duration.ofMillis(500),
                () -> sqs.sendMessage(r -> r.queueUrl(url).messageBody("in time")));
        assertThat(bodies(receive(url, r -> {}))).containsExactly("in time");
        sending.join();
    }

    @Test
    void aMessageThatComesBackWakesIt() {
        var url = createQueue();
        sqs.sendMessage(r -> r.queueUrl(url).messageBody("again"));
        receiveOne(url, r -> r.visibilityTimeout(1));
        assertThat(receiveOne(url).body()).isEqualTo("again");
    }
}
