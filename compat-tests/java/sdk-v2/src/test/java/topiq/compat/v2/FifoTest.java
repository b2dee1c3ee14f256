package topiq.compat.v2;

import static org.assertj.core.api.Assertions.assertThat;
import static software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName.MESSAGE_DEDUPLICATION_ID;
import static software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName.MESSAGE_GROUP_ID;
import static software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName.SEQUENCE_NUMBER;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchResultEntry;
import software.amazon.awssdk.services.sqs.model.SendMessageResponse;

/** FIFO queues: order by group, deduplication. */
class FifoTest extends Story {

    @Test
    void eachGroupKeepsItsOrder() {
        var url = createFifoQueue();
        var sequence = new ArrayList<String>();
        for (int n = 0; n < 24; n++) {
            sequence.add(send(url, "abc".charAt(n % 3) + "", n + "").sequenceNumber());
        }
        assertThat(sequence).isSorted().doesNotHaveDuplicates().allMatch(number -> number.length() == 20);

        var received = new ArrayList<Message>();
        while (received.size() < 24) {
            var messages = receive(url, 5);
            assertThat(messages).isNotEmpty();
            messages.forEach(message -> delete(url, message));
            received.addAll(messages);
        }
        for (int group = 0; group < 3; group++) {
            var name = "abc".charAt(group) + "";
            int first = group;
            assertThat(received)
                    .filteredOn(message -> system(message, MESSAGE_GROUP_ID).equals(name))
                    .extracting(Message::body)
                    .containsExactlyElementsOf(
                            IntStream.range(0, 8).mapToObj(n -> "" + (first + 3 * n)).toList());
        }
        assertThat(received).allSatisfy(message -> assertThat(system(message, SEQUENCE_NUMBER))
                .isEqualTo(sequence.get(Integer.parseInt(message.body()))));
    }

    @Test
    void aGroupIsBlockedWhileAMessageOfItIsInFlight() {
        var url = createFifoQueue();
        send(url, "a", "a1");
        send(url, "a", "a2");
        send(url, "b", "b1");
        var first = receiveOne(url);
        assertThat(first.body()).isEqualTo("a1");
        assertThat(bodies(receive(url, 5))).containsExactly("b1");
        assertThat(receive(url, 1)).isEmpty();
        delete(url, first);
        assertThat(bodies(receive(url, 5))).containsExactly("a2");
    }

    @Test
    void theSameDeduplicationIdIsSentOnce() {
        var url = createFifoQueue(Map.of());
        var first = send(url, "one", "g", "d");
        var again = send(url, "two", "g", "d");
        assertThat(again.messageId()).isEqualTo(first.messageId());
        assertThat(again.sequenceNumber()).isEqualTo(first.sequenceNumber());
        var message = receiveOne(url);
        assertThat(message.body()).isEqualTo("one");
        assertThat(system(message, MESSAGE_DEDUPLICATION_ID)).isEqualTo("d");
        delete(url, message);
        send(url, "three", "g", "d");
        assertThat(receive(url, 1)).as("deleting does not end the five minutes").isEmpty();
    }

    @Test
    void theSameContentIsSentOnce() {
        var url = createFifoQueue();
        var first = send(url, "g", "same");
        assertThat(send(url, "g", "same").messageId()).isEqualTo(first.messageId());
        assertThat(send(url, "same", "g", "explicit").messageId()).isNotEqualTo(first.messageId());
        var sha256OfSame = "0967115f2813a3541eaef77de9d9d5773f1c0c04314b0bbfe4ff3b3b1c55b5d5";
        assertThat(receive(url, 5))
                .extracting(message -> system(message, MESSAGE_DEDUPLICATION_ID))
                .containsExactly(sha256OfSame, "explicit");
    }

    @Test
    void aBatchKeepsItsOrder() {
        var url = createFifoQueue();
        var entries = IntStream.range(0, 10)
                .mapToObj(n -> SendMessageBatchRequestEntry.builder()
                        .id("" + n)
                        .messageBody("" + n)
                        .messageGroupId("g")
                        .build())
                .toList();
        var answer = sqs.sendMessageBatch(r -> r.queueUrl(url).entries(entries));
        assertThat(answer.successful())
                .extracting(SendMessageBatchResultEntry::sequenceNumber)
                .isSorted()
                .doesNotHaveDuplicates();
        assertThat(bodies(receive(url, 5)))
                .isEqualTo(entries.stream().map(SendMessageBatchRequestEntry::messageBody).toList());
    }

    @Test
    void anAttemptIdGivesTheSameMessagesAgain() {
        var url = createFifoQueue();
        send(url, "g", "once");
        List<Message> first = receive(url, r -> r.waitTimeSeconds(5).receiveRequestAttemptId("attempt"));
        List<Message> again = receive(url, r -> r.waitTimeSeconds(5).receiveRequestAttemptId("attempt"));
        assertThat(bodies(first)).containsExactly("once");
        assertThat(again).extracting(Message::messageId).containsExactly(first.get(0).messageId());
    }

    private static SendMessageResponse send(String url, String group, String body) {
        return sqs.sendMessage(r -> r.queueUrl(url).messageBody(body).messageGroupId(group));
    }

    private static SendMessageResponse send(String url, String body, String group, String deduplicationId) {
        return sqs.sendMessage(r -> r.queueUrl(url)
                .messageBody(body)
                .messageGroupId(group)
                .messageDeduplicationId(deduplicationId));
    }
}
