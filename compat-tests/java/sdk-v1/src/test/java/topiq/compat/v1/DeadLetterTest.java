package topiq.compat.v1;

import static org.assertj.core.api.Assertions.assertThat;
import static topiq.compat.Eventually.eventually;
import static topiq.compat.Eventually.eventuallyTrue;

import com.amazonaws.services.sqs.model.ListDeadLetterSourceQueuesRequest;
import com.amazonaws.services.sqs.model.ListMessageMoveTasksRequest;
import com.amazonaws.services.sqs.model.QueueAttributeName;
import com.amazonaws.services.sqs.model.SendMessageRequest;
import com.amazonaws.services.sqs.model.StartMessageMoveTaskRequest;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Dead-letter queues and redrive. */
class DeadLetterTest extends Story {

    @Test
    void aMessageMovesAfterItsLastReceiveAndATaskMovesItBack() {
        var deadLetters = createQueue();
        var source = createSource(deadLetters, 1);
        assertThat(sqs.listDeadLetterSourceQueues(
                                new ListDeadLetterSourceQueuesRequest().withQueueUrl(deadLetters))
                        .getQueueUrls())
                .containsExactly(source);

        var attributes = Map.of("kept", attribute("yes"));
        var sent = sqs.sendMessage(new SendMessageRequest(source, "poison").withMessageAttributes(attributes));
        receiveOne(receiving(source).withVisibilityTimeout(0));
        eventuallyTrue("it is a dead letter", () -> {
            assertThat(receive(source, 0)).isEmpty();
            return attribute(deadLetters, QueueAttributeName.ApproximateNumberOfMessages).equals("1");
        });
        var dead = receiveOne(receiving(deadLetters).withVisibilityTimeout(0));
        assertThat(dead.getMessageId()).isEqualTo(sent.getMessageId());
        assertThat(dead.getMessageAttributes()).isEqualTo(attributes);
        assertThat(dead.getAttributes()).containsEntry("DeadLetterQueueSourceArn", arnOf(source));

        assertThat(sqs.startMessageMoveTask(new StartMessageMoveTaskRequest().withSourceArn(arnOf(deadLetters)))
                        .getTaskHandle())
                .isNotEmpty();
        var task = eventually("the task is done", () -> sqs
                .listMessageMoveTasks(new ListMessageMoveTasksRequest().withSourceArn(arnOf(deadLetters)))
                .getResults()
                .stream()
                .filter(found -> found.getStatus().equals("COMPLETED"))
                .findFirst());
        assertThat(task.getApproximateNumberOfMessagesMoved()).isEqualTo(1);
        assertThat(task.getStartedTimestamp()).isPositive();
        assertThat(receiveOne(source).getBody()).isEqualTo("poison");
    }
}
