package topiq.compat.v2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sqs.model.BatchResultErrorEntry;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchResultEntry;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchResultEntry;

/** Batches: each entry has its own outcome. */
class BatchTest extends Story {

    @Test
    void tenAreSentChangedAndDeleted() {
        var url = createQueue();
        var entries = IntStream.range(0, 10)
                .mapToObj(n -> entry("id_" + n, "body " + n)
                        .toBuilder().messageAttributes(Map.of("n", attribute("" + n))).build())
                .toList();
        var sent = sqs.sendMessageBatch(r -> r.queueUrl(url).entries(entries));
        assertThat(sent.failed()).isEmpty();
        assertThat(sent.successful())
                .extracting(SendMessageBatchResultEntry::id)
                .containsExactlyElementsOf(entries.stream().map(SendMessageBatchRequestEntry::id).toList());

        var messages = receiveCount(url, 10);
        assertThat(messages)
                .extracting(Message::messageId)
                .containsExactlyInAnyOrderElementsOf(
                        sent.successful().stream().map(SendMessageBatchResultEntry::messageId).toList());
        assertThat(messages).allSatisfy(message -> assertThat(message.body())
                .isEqualTo("body " + message.messageAttributes().get("n").stringValue()));

        var changed = sqs.changeMessageVisibilityBatch(r -> r.queueUrl(url)
                .entries(messages.stream()
                        .map(message -> ChangeMessageVisibilityBatchRequestEntry.builder()
                                .id(message.messageId())
                                .receiptHandle(message.receiptHandle())
                                .visibilityTimeout(60)
                                .build())
                        .toList()));
        assertThat(changed.successful()).hasSize(10);
        var deleted = sqs.deleteMessageBatch(r -> r.queueUrl(url)
                .entries(messages.stream().map(BatchTest::deletion).toList()));
        assertThat(deleted.successful())
                .extracting(DeleteMessageBatchResultEntry::id)
                .containsExactlyElementsOf(messages.stream().map(Message::messageId).toList());
        assertThat(deleted.failed()).isEmpty();
    }

    @Test
    void badEntriesFailAlone() {
        var url = createQueue(Map.of(QueueAttributeName.MAXIMUM_MESSAGE_SIZE, "1024"));
        var answer = sqs.sendMessageBatch(r -> r.queueUrl(url)
                .entries(
                        entry("good", "x".repeat(1024)),
                        entry("long", "x".repeat(1025)),
                        entry("control", "\u0000"),
                        entry("delay", "x").toBuilder().delaySeconds(901).build(),
                        entry("fine", "y")));
        assertThat(answer.successful())
                .extracting(SendMessageBatchResultEntry::id)
                .containsExactly("good", "fine");
        assertThat(answer.failed())
                .extracting(BatchResultErrorEntry::id, BatchResultErrorEntry::code, BatchResultErrorEntry::senderFault)
                .containsExactly(
                        tuple("long", "InvalidParameterValue", true),
                        tuple("control", "InvalidMessageContents", true),
                        tuple("delay", "InvalidParameterValue", true));
        assertThat(answer.failed().get(0).message())
                .isEqualTo("One or more parameters cannot be validated. "
                        + "Reason: Message must be shorter than 1024 bytes.");
        assertThat(bodies(receiveCount(url, 2))).containsExactlyInAnyOrder("x".repeat(1024), "y");
    }

    @Test
    void allEntriesMayFail() {
        var url = createQueue();
        var answer = sqs.sendMessageBatch(r -> r.queueUrl(url).entries(entry("only", "\u0000")));
        assertThat(answer.hasSuccessful() && !answer.successful().isEmpty()).isFalse();
        assertThat(answer.failed()).hasSize(1);
    }

    @Test
    void badHandlesFailAlone() {
        var url = createQueue();
        sqs.sendMessage(r -> r.queueUrl(url).messageBody("x"));
        var good = deletion(receiveOne(url));
        var bad = DeleteMessageBatchRequestEntry.builder().id("bad").receiptHandle("garbage").build();
        var answer = sqs.deleteMessageBatch(r -> r.queueUrl(url).entries(bad, good));
        assertThat(answer.successful())
                .extracting(DeleteMessageBatchResultEntry::id)
                .containsExactly(good.id());
        assertThat(answer.failed())
                .isEqualTo(List.of(BatchResultErrorEntry.builder()
                        .id("bad")
                        .code("ReceiptHandleIsInvalid")
                        .senderFault(true)
                        .message("The input receipt handle \"garbage\" is not a valid receipt handle.")
                        .build()));
    }

    private static SendMessageBatchRequestEntry entry(String id, String body) {
        return SendMessageBatchRequestEntry.builder().id(id).messageBody(body).build();
    }

    private static DeleteMessageBatchRequestEntry deletion(Message message) {
        return DeleteMessageBatchRequestEntry.builder()
                .id(message.messageId())
                .receiptHandle(message.receiptHandle())
                .build();
    }
}
