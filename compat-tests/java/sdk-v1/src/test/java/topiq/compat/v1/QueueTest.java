package topiq.compat.v1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static topiq.compat.Eventually.after;
import static topiq.compat.Eventually.eventuallyTrue;

import com.amazonaws.services.sqs.model.CreateQueueRequest;
import com.amazonaws.services.sqs.model.GetQueueAttributesRequest;
import com.amazonaws.services.sqs.model.PurgeQueueRequest;
import com.amazonaws.services.sqs.model.QueueAttributeName;
import com.amazonaws.services.sqs.model.QueueDoesNotExistException;
import com.amazonaws.services.sqs.model.SendMessageRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import topiq.compat.Names;
import topiq.compat.Topiq;

/** A queue from its creation to its end, long polls, visibility. */
class QueueTest extends Story {

    @Test
    void aQueueIsFoundByItsName() {
        var url = createQueue();
        assertThat(url).isEqualTo(Topiq.ENDPOINT + "/" + Topiq.ACCOUNT + "/" + nameOf(url));
        assertThat(sqs.getQueueUrl(nameOf(url)).getQueueUrl()).isEqualTo(url);
        assertThat(sqs.listQueues(nameOf(url)).getQueueUrls()).containsExactly(url);
        assertThat(sqs.listQueues(Names.unique()).getQueueUrls()).isEmpty();
        assertThat(sqs.createQueue(nameOf(url)).getQueueUrl()).isEqualTo(url);
    }

    @Test
    void attributesAreSetAndShown() {
        var url = createQueue(Map.of("VisibilityTimeout", "45"));
        sqs.setQueueAttributes(url, Map.of("DelaySeconds", "3", "MaximumMessageSize", "2048"));
        var shown = sqs.getQueueAttributes(url, List.of("All")).getAttributes();
        assertThat(shown)
                .containsEntry("VisibilityTimeout", "45")
                .containsEntry("DelaySeconds", "3")
                .containsEntry("MaximumMessageSize", "2048")
                .containsEntry("MessageRetentionPeriod", "345600")
                .containsEntry("ApproximateNumberOfMessages", "0")
                .containsEntry("QueueArn", "arn:aws:sqs:" + Topiq.REGION + ":" + Topiq.ACCOUNT + ":" + nameOf(url));
        assertThat(sqs.getQueueAttributes(new GetQueueAttributesRequest(url).withAttributeNames("RedrivePolicy"))
                        .getAttributes())
                .isEmpty();
    }

    @Test
    void tagsComeAndGo() {
        var url = sqs.createQueue(new CreateQueueRequest(Names.unique()).withTags(Map.of("team", "a", "gone", "b")))
                .getQueueUrl();
        afterwards(() -> sqs.deleteQueue(url));
        sqs.tagQueue(url, Map.of("stage", "tést: a+b=1 @ x/y", "empty", ""));
        sqs.untagQueue(url, List.of("gone", "never there"));
        assertThat(sqs.listQueueTags(url).getTags())
                .isEqualTo(Map.of("team", "a", "stage", "tést: a+b=1 @ x/y", "empty", ""));
    }

    @Test
    void permissionsAreWrittenIntoThePolicy() {
        var url = createQueue();
        sqs.addPermission(url, "partner", List.of("111122223333"), List.of("SendMessage"));
        assertThat(attribute(url, QueueAttributeName.Policy)).contains("\"partner\"", "SQS:SendMessage");
        sqs.removePermission(url, "partner");
        assertThat(String.valueOf(attribute(url, QueueAttributeName.Policy))).doesNotContain("partner");
    }

    @Test
    void aMessageIsSentReceivedAndDeleted() {
        var url = createQueue();
        var sent = sqs.sendMessage(url, "hello");
        var message = receiveOne(url);
        assertThat(message.getBody()).isEqualTo("hello");
        assertThat(message.getMessageId()).isEqualTo(sent.getMessageId());
        delete(url, message);
        assertThat(attribute(url, QueueAttributeName.ApproximateNumberOfMessagesNotVisible)).isEqualTo("0");
        assertThat(receive(url, 0)).isEmpty();
    }

    @Test
    void aDelayedMessageComesLater() {
        var url = createQueue();
        sqs.sendMessage(new SendMessageRequest(url, "later").withDelaySeconds(1));
        var times = receiveOne(url).getAttributes();
        var sent = Long.parseLong(times.get("SentTimestamp"));
        var received = Long.parseLong(times.get("ApproximateFirstReceiveTimestamp"));
        assertThat(received - sent).as("milliseconds").isGreaterThanOrEqualTo(1000);
    }

    @Test
    void purgingEmptiesTheQueue() {
        var url = createQueue();
        sqs.sendMessage(url, "a");
        sqs.sendMessage(url, "b");
        sqs.purgeQueue(new PurgeQueueRequest(url));
        eventuallyTrue(
                "no message is left",
                () -> attribute(url, QueueAttributeName.ApproximateNumberOfMessages).equals("0"));
        assertThat(receive(url, 0)).isEmpty();
    }

    @Test
    void aDeletedQueueIsGone() {
        var url = createQueue();
        sqs.deleteQueue(url);
        assertThatThrownBy(() -> sqs.getQueueUrl(nameOf(url))).isInstanceOf(QueueDoesNotExistException.class);
        assertThatThrownBy(() -> sqs.sendMessage(url, "x")).isInstanceOf(QueueDoesNotExistException.class);
    }

    @Test
    void aLongPollIsWokenByASend() {
        var url = createQueue();
        var sending = after(Duration.ofMillis(500), () -> sqs.sendMessage(url, "wake up"));
        assertThat(bodies(receive(url, 20))).containsExactly("wake up");
        sending.join();
    }

    @Test
    void aReceivedMessageIsHiddenUntilItsTimeoutIsChangedToZero() {
        var url = createQueue();
        sqs.sendMessage(url, "seen");
        var first = receiveOne(url);
        assertThat(receive(url, 1)).isEmpty();
        sqs.changeMessageVisibility(url, first.getReceiptHandle(), 0);
        var second = receiveOne(url);
        assertThat(second.getMessageId()).isEqualTo(first.getMessageId());
        assertThat(first.getAttributes()).containsEntry("ApproximateReceiveCount", "1");
        assertThat(second.getAttributes()).containsEntry("ApproximateReceiveCount", "2");
    }
}
