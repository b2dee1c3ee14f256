package topiq.compat.v1;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.sns.model.PublishRequest;
import com.amazonaws.services.sns.model.PublishResult;
import com.amazonaws.services.sqs.model.Message;
import com.amazonaws.services.sqs.model.SendMessageRequest;
import com.amazonaws.services.sqs.model.SendMessageResult;
import java.util.ArrayList;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** FIFO queues and topics: order by group, deduplication. */
class FifoTest extends Story {

    @Test
    void eachGroupKeepsItsOrder() {
        var url = createFifoQueue();
        for (int n = 0; n < 24; n++) {
            send(url, n + "", "abc".charAt(n % 3) + "", null);
        }
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
                    .filteredOn(message -> message.getAttributes().get("MessageGroupId").equals(name))
                    .extracting(Message::getBody)
                    .containsExactlyElementsOf(
                            IntStream.range(0, 8).mapToObj(n -> "" + (first + 3 * n)).toList());
        }
    }

    @Test
    void theSameDeduplicationIdIsSentOnce() {
        var url = createFifoQueue(Map.of());
        var first = send(url, "one", "g", "d");
        var again = send(url, "two", "g", "d");
        assertThat(again.getMessageId()).isEqualTo(first.getMessageId());
        assertThat(again.getSequenceNumber()).isEqualTo(first.getSequenceNumber()).hasSize(20);
        var message = receiveOne(url);
        assertThat(message.getBody()).isEqualTo("one");
        assertThat(message.getAttributes())
                .containsEntry("MessageDeduplicationId", "d")
                .containsEntry("SequenceNumber", first.getSequenceNumber());
        delete(url, message);
        assertThat(receive(url, 1)).isEmpty();
    }

    @Test
    void theSameContentIsSentOnce() {
        var url = createFifoQueue();
        var first = send(url, "same", "g", null);
        assertThat(send(url, "same", "g", null).getMessageId()).isEqualTo(first.getMessageId());
        assertThat(send(url, "same", "g", "explicit").getMessageId()).isNotEqualTo(first.getMessageId());
        assertThat(receive(url, 5)).hasSize(2);
    }

    @Test
    void aFifoTopicPublishesOnceAndInOrder() {
        var topic = createFifoTopic();
        var url = subscribe(topic, createFifoQueue(Map.of()), Map.of("RawMessageDelivery", "true"));
        var sent = IntStream.range(0, 5).mapToObj(n -> publish(topic, "" + n)).toList();
        var again = publish(topic, "2");
        assertThat(again.getMessageId()).isEqualTo(sent.get(2).getMessageId());
        assertThat(again.getSequenceNumber()).isEqualTo(sent.get(2).getSequenceNumber());
        var messages = receiveCount(url, 5);
        assertThat(bodies(messages)).containsExactly("0", "1", "2", "3", "4");
        messages.forEach(message -> delete(url, message));
        assertThat(receive(url, 1)).isEmpty();
    }

    private static SendMessageResult send(String url, String body, String group, String deduplicationId) {
        return sqs.sendMessage(new SendMessageRequest(url, body)
                .withMessageGroupId(group)
                .withMessageDeduplicationId(deduplicationId));
    }

    private static PublishResult publish(String topic, String text) {
        return sns.publish(new PublishRequest(topic, text).withMessageGroupId("g"));
    }
}
