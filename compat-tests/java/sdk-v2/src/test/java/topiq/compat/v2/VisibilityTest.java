package topiq.compat.v2;

import static org.assertj.core.api.Assertions.assertThat;
import static software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName.APPROXIMATE_FIRST_RECEIVE_TIMESTAMP;
import static software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT;
import static software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName.SENDER_ID;
import static software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName.SENT_TIMESTAMP;

import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** A received message is hidden for a while. */
class VisibilityTest extends Story {

    @Test
    void aReceivedMessageIsHiddenUntilItsTimeoutIsChangedToZero() {
        var url = createQueue();
        sqs.sendMessage(r -> r.queueUrl(url).messageBody("seen"));
        var first = receiveOne(url);
        assertThat(receive(url, 1)).isEmpty();
        assertThat(attribute(url, QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE))
                .isEqualTo("1");

        sqs.changeMessageVisibility(
                r -> r.queueUrl(url).receiptHandle(first.receiptHandle()).visibilityTimeout(0));
        var second = receiveOne(url);
        assertThat(second.messageId()).isEqualTo(first.messageId());
        assertThat(second.receiptHandle()).isNotEqualTo(first.receiptHandle());
    }

    @Test
    void eachReceiveIsCounted() {
        var url = createQueue();
        sqs.sendMessage(r -> r.queueUrl(url).messageBody("x"));
        var first = receiveOne(url, r -> r.visibilityTimeout(0));
        for (var count : new String[] {"2", "3"}) {
            var message = receiveOne(url, r -> r.visibilityTimeout(0));
            assertThat(system(message, APPROXIMATE_RECEIVE_COUNT)).isEqualTo(count);
            assertThat(system(message, SENT_TIMESTAMP)).isEqualTo(system(first, SENT_TIMESTAMP));
            assertThat(system(message, APPROXIMATE_FIRST_RECEIVE_TIMESTAMP))
                    .isEqualTo(system(first, APPROXIMATE_FIRST_RECEIVE_TIMESTAMP));
        }
        assertThat(system(first, APPROXIMATE_RECEIVE_COUNT)).isEqualTo("1");
        assertThat(system(first, SENDER_ID)).isNotEmpty();
    }

    @Test
    void aLongerTimeoutKeepsItHidden() {
        var url = createQueue();
        sqs.sendMessage(r -> r.queueUrl(url).messageBody("x"));
        var message = receiveOne(url, r -> r.visibilityTimeout(10));
        sqs.changeMessageVisibility(
                r -> r.queueUrl(url).receiptHandle(message.receiptHandle()).visibilityTimeout(600));
        assertThat(receive(url, 12)).isEmpty();
    }
}
