package topiq.compat.v2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static topiq.compat.Eventually.eventuallyTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueDoesNotExistException;
import topiq.compat.Names;
import topiq.compat.Topiq;

/** A queue from its creation to its end. */
class QueueLifeCycleTest extends Story {

    @Test
    void aQueueIsFoundByItsName() {
        var url = createQueue();
        assertThat(url).isEqualTo(Topiq.ENDPOINT + "/" + Topiq.ACCOUNT + "/" + nameOf(url));
        assertThat(sqs.getQueueUrl(r -> r.queueName(nameOf(url))).queueUrl()).isEqualTo(url);
        assertThat(sqs.listQueues(r -> r.queueNamePrefix(nameOf(url))).queueUrls())
                .containsExactly(url);
        assertThat(sqs.listQueues(r -> r.queueNamePrefix(Names.unique())).queueUrls()).isEmpty();
    }

    @Test
    void creatingItAgainFindsTheSame() {
        var url = createQueue(Map.of(QueueAttributeName.DELAY_SECONDS, "5"));
        assertThat(sqs.createQueue(r -> r.queueName(nameOf(url))).queueUrl()).isEqualTo(url);
        assertThat(sqs.createQueue(r -> r.queueName(nameOf(url))
                                .attributes(Map.of(QueueAttributeName.DELAY_SECONDS, "5")))
                        .queueUrl())
                .isEqualTo(url);
    }

    @Test
    void attributesAreSetAndShown() {
        var url = createQueue(Map.of(QueueAttributeName.VISIBILITY_TIMEOUT, "45"));
        sqs.setQueueAttributes(r -> r.queueUrl(url)
                .attributes(Map.of(
                        QueueAttributeName.DELAY_SECONDS, "3",
                        QueueAttributeName.MAXIMUM_MESSAGE_SIZE, "2048")));
        var shown = sqs.getQueueAttributes(r -> r.queueUrl(url).attributeNames(QueueAttributeName.ALL))
                .attributes();
        assertThat(shown)
                .containsEntry(QueueAttributeName.VISIBILITY_TIMEOUT, "45")
                .containsEntry(QueueAttributeName.DELAY_SECONDS, "3")
                .containsEntry(QueueAttributeName.MAXIMUM_MESSAGE_SIZE, "2048")
                .containsEntry(QueueAttributeName.MESSAGE_RETENTION_PERIOD, "345600")
                .containsEntry(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES, "0")
                .containsEntry(
                        QueueAttributeName.QUEUE_ARN,
                        "arn:aws:sqs:" + Topiq.REGION + ":" + Topiq.ACCOUNT + ":" + nameOf(url));
        assertThat(shown).doesNotContainKeys(QueueAttributeName.UNKNOWN_TO_SDK_VERSION);
        assertThat(attribute(url, QueueAttributeName.REDRIVE_POLICY)).isNull();
    }

    @Test
    void tagsComeAndGo() {
        var url = sqs.createQueue(r -> r.queueName(Names.unique()).tags(Map.of("team", "orders", "gone", "soon")))
                .queueUrl();
        afterwards(() -> sqs.deleteQueue(r -> r.queueUrl(url)));
        sqs.tagQueue(r -> r.queueUrl(url).tags(Map.of("stage", "tést: a+b=1 @ x/y", "empty", "")));
        sqs.untagQueue(r -> r.queueUrl(url).tagKeys("gone", "never there"));
        assertThat(sqs.listQueueTags(r -> r.queueUrl(url)).tags())
                .isEqualTo(Map.of("team", "orders", "stage", "tést: a+b=1 @ x/y", "empty", ""));
    }

    @Test
    void permissionsAreWrittenIntoThePolicy() {
        var url = createQueue();
        sqs.addPermission(r ->
                r.queueUrl(url).label("partner").awsAccountIds("111122223333").actions("SendMessage"));
        assertThat(attribute(url, QueueAttributeName.POLICY))
                .contains("\"partner\"", "arn:aws:iam::111122223333:root", "SQS:SendMessage");
        sqs.removePermission(r -> r.queueUrl(url).label("partner"));
        var policy = attribute(url, QueueAttributeName.POLICY);
        assertThat(policy == null || !policy.contains("partner")).isTrue();
    }

    @Test
    void aMessageIsSentReceivedAndDeleted() {
        var url = createQueue();
        var sent = sqs.sendMessage(r -> r.queueUrl(url).messageBody("hello"));
        var message = receiveOne(url);
        assertThat(message.body()).isEqualTo("hello");
        assertThat(message.messageId()).isEqualTo(sent.messageId());
        delete(url, message);
        delete(url, message); // again does no harm
        assertThat(attribute(url, QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE))
                .isEqualTo("0");
        assertThat(receive(url, 0)).isEmpty();
    }

    @Test
    void aDelayedMessageComesLater() {
        var url = createQueue();
        sqs.sendMessage(r -> r.queueUrl(url).messageBody("later").delaySeconds(1));
        var message = receiveOne(url);
        assertThat(message.body()).isEqualTo("later");
        var sent = Long.parseLong(system(message, MessageSystemAttributeName.SENT_TIMESTAMP));
        var received = Long.parseLong(system(message, MessageSystemAttributeName.APPROXIMATE_FIRST_RECEIVE_TIMESTAMP));
        assertThat(received - sent).as("milliseconds").isGreaterThanOrEqualTo(1000);

        sqs.sendMessage(r -> r.queueUrl(url).messageBody("much later").delaySeconds(900));
        assertThat(attribute(url, QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_DELAYED))
                .isEqualTo("1");
    }

    @Test
    void purgingEmptiesTheQueue() {
        var url = createQueue();
        for (var text : new String[] {"a", "b", "c"}) {
            sqs.sendMessage(r -> r.queueUrl(url).messageBody(text));
        }
        sqs.purgeQueue(r -> r.queueUrl(url));
        eventuallyTrue(
                "no message is left",
                () -> attribute(url, QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES).equals("0"));
        assertThat(receive(url, 0)).isEmpty();
    }

    @Test
    void aDeletedQueueIsGone() {
        var url = createQueue();
        sqs.deleteQueue(r -> r.queueUrl(url));
        assertThatThrownBy(() -> sqs.getQueueUrl(r -> r.queueName(nameOf(url))))
                .isInstanceOf(QueueDoesNotExistException.class);
        assertThatThrownBy(() -> sqs.sendMessage(r -> r.queueUrl(url).messageBody("x")))
                .isInstanceOf(QueueDoesNotExistException.class);
    }
}
