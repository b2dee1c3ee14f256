package topiq.compat.v2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT;
import static software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName.DEAD_LETTER_QUEUE_SOURCE_ARN;
import static topiq.compat.Eventually.eventually;
import static topiq.compat.Eventually.eventuallyTrue;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sqs.model.ListMessageMoveTasksResultEntry;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.SqsException;

/** Dead-letter queues and redrive. */
class DeadLetterTest extends Story {

    @Test
    void aMessageMovesAfterItsLastReceive() {
        var deadLetters = createQueue();
        var source = createSource(deadLetters, 2);
        var sent = sqs.sendMessage(r -> r.queueUrl(source)
                .messageBody("poison")
                .messageAttributes(Map.of("kept", attribute("yes"))));
        receiveOne(source, r -> r.visibilityTimeout(0));
        receiveOne(source, r -> r.visibilityTimeout(0));
        assertThat(receive(deadLetters, 0)).as("it moves at the next receive").isEmpty();
        assertThat(receive(source, 1)).isEmpty();

        var dead = receiveOne(deadLetters);
        assertThat(dead.messageId()).isEqualTo(sent.messageId());
        assertThat(dead.body()).isEqualTo("poison");
        assertThat(dead.messageAttributes()).isEqualTo(Map.of("kept", attribute("yes")));
        assertThat(system(dead, DEAD_LETTER_QUEUE_SOURCE_ARN)).isEqualTo(arnOf(source));
        assertThat(system(dead, APPROXIMATE_RECEIVE_COUNT)).isEqualTo("3");
    }

    @Test
    void aDeadLetterQueueKnowsItsSources() {
        var deadLetters = createQueue();
        assertThat(sqs.listDeadLetterSourceQueues(r -> r.queueUrl(deadLetters)).queueUrls())
                .isEmpty();
        var one = createSource(deadLetters, 1);
        var two = createSource(deadLetters, 5);
        assertThat(sqs.listDeadLetterSourceQueues(r -> r.queueUrl(deadLetters)).queueUrls())
                .containsExactlyInAnyOrder(one, two);
    }

    @Test
    void aTaskMovesMessagesBackToTheirSource() {
        var deadLetters = createQueue();
        var source = createSource(deadLetters, 1);
        makeDeadLetters(source, deadLetters, "a", "b", "c");

        assertThat(sqs.startMessageMoveTask(r -> r.sourceArn(arnOf(deadLetters))).taskHandle())
                .isNotEmpty();
        var task = finishedTask(deadLetters);
        assertThat(task.status()).isEqualTo("COMPLETED");
        assertThat(task.sourceArn()).isEqualTo(arnOf(deadLetters));
        assertThat(task.approximateNumberOfMessagesMoved()).isEqualTo(3);
        assertThat(task.approximateNumberOfMessagesToMove()).isEqualTo(3);
        assertThat(task.startedTimestamp()).isPositive();

        var messages = receiveCount(source, 3);
        assertThat(bodies(messages)).containsExactlyInAnyOrder("a", "b", "c");
        assertThat(messages).allSatisfy(message -> {
            assertThat(system(message, APPROXIMATE_RECEIVE_COUNT)).isEqualTo("1");
            assertThat(system(message, DEAD_LETTER_QUEUE_SOURCE_ARN)).isNull();
        });
        assertThat(receive(deadLetters, 0)).isEmpty();
    }

    @Test
    void aSlowTaskCanBeCancelled() {
        var deadLetters = createQueue();
        var source = createSource(deadLetters, 1);
        makeDeadLetters(source, deadLetters, "a", "b", "c", "d", "e", "f", "g", "h");
        var handle = sqs.startMessageMoveTask(
                        r -> r.sourceArn(arnOf(deadLetters)).maxNumberOfMessagesPerSecond(1))
                .taskHandle();
        assertThat(sqs.cancelMessageMoveTask(r -> r.taskHandle(handle)).approximateNumberOfMessagesMoved())
                .isLessThan(8);
        var task = finishedTask(deadLetters);
        assertThat(task.status()).isEqualTo("CANCELLED");
        assertThat(task.maxNumberOfMessagesPerSecond()).isEqualTo(1);
        assertThatThrownBy(() -> sqs.cancelMessageMoveTask(r -> r.taskHandle(handle)))
                .isInstanceOfSatisfying(SqsException.class, refused -> assertThat(
                                refused.awsErrorDetails().errorMessage())
                        .isEqualTo("Only active tasks can be cancelled."));
    }

    /** Sends messages and lets each fail once. */
    private static void makeDeadLetters(String source, String deadLetters, String... texts) {
        for (var text : texts) {
            sqs.sendMessage(r -> r.queueUrl(source).messageBody(text));
        }
        eventuallyTrue("the messages are dead letters", () -> {
            receive(source, r -> r.visibilityTimeout(0));
            return attribute(deadLetters, QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES)
                    .equals("" + texts.length);
        });
    }

    private static ListMessageMoveTasksResultEntry finishedTask(String deadLetters) {
        return eventually("the task ends", () -> sqs
                .listMessageMoveTasks(r -> r.sourceArn(arnOf(deadLetters)).maxResults(1))
                .results()
                .stream()
                .filter(task -> Set.of("COMPLETED", "CANCELLED", "FAILED").contains(task.status()))
                .findFirst());
    }
}
