package topiq.compat.v1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.amazonaws.services.sqs.model.ChangeMessageVisibilityBatchRequestEntry;
import com.amazonaws.services.sqs.model.DeleteMessageBatchRequestEntry;
import com.amazonaws.services.sqs.model.SendMessageBatchRequestEntry;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Batches: each entry has its own outcome. */
class BatchTest extends Story {

    @Test
    void tenAreSentChangedAndDeleted() {
        var url = createQueue();
        var entries = IntStream.range(0, 10)
                .mapToObj(n -> new SendMessageBatchRequestEntry("id_" + n, "body " + n)
                        .withMessageAttributes(Map.of("n", attribute("" + n))))
                .toList();
        var sent = sqs.sendMessageBatch(url, entries);
        assertThat(sent.getFailed()).isEmpty();
        assertThat(sent.getSuccessful()).hasSize(10);

        var messages = receiveCount(url, 10);
        assertThat(messages).allSatisfy(message -> assertThat(message.getBody())
                .isEqualTo("body " + message.getMessageAttributes().get("n").getStringValue()));
        var changed = sqs.changeMessageVisibilityBatch(
                url,
                messages.stream()
                        .map(message -> new ChangeMessageVisibilityBatchRequestEntry(
                                        message.getMessageId(), message.getReceiptHandle())
                                .withVisibilityTimeout(60))
                        .toList());
        assertThat(changed.getSuccessful()).hasSize(10);
        var deleted = sqs.deleteMessageBatch(
                url,
                messages.stream()
                        .map(message -> new DeleteMessageBatchRequestEntry(
                                message.getMessageId(), message.getReceiptHandle()))
                        .toList());
        assertThat(deleted.getSuccessful()).hasSize(10);
        assertThat(deleted.getFailed()).isEmpty();
    }

    @Test
    void badEntriesFailAlone() {
        var url = createQueue(Map.of("MaximumMessageSize", "1024"));
        var answer = sqs.sendMessageBatch(
                url,
                List.of(
                        new SendMessageBatchRequestEntry("good", "x".repeat(1024)),
                        new SendMessageBatchRequestEntry("long", "x".repeat(1025)),
                        new SendMessageBatchRequestEntry("control", "\u0001"),
                        new SendMessageBatchRequestEntry("fine", "y")));
        assertThat(answer.getSuccessful()).extracting("id").containsExactly("good", "fine");
        assertThat(answer.getFailed())
                .extracting("id", "code", "senderFault")
                .containsExactly(
                        tuple("long", "InvalidParameterValue", true),
                        tuple("control", "InvalidMessageContents", true));
        assertThat(receiveCount(url, 2)).hasSize(2);
    }

    @Test
    void badHandlesFailAlone() {
        var url = createQueue();
        sqs.sendMessage(url, "x");
        var answer = sqs.deleteMessageBatch(
                url,
                List.of(
                        new DeleteMessageBatchRequestEntry("bad", "garbage"),
                        new DeleteMessageBatchRequestEntry("good", receiveOne(url).getReceiptHandle())));
        assertThat(answer.getSuccessful()).extracting("id").containsExactly("good");
        assertThat(answer.getFailed())
                .extracting("id", "code", "senderFault", "message")
                .containsExactly(tuple(
                        "bad",
                        "ReceiptHandleIsInvalid",
                        true,
                        "The input receipt handle \"garbage\" is not a valid receipt handle."));
    }
}
