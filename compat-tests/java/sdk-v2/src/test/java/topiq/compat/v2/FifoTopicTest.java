package topiq.compat.v2;

import static org.assertj.core.api.Assertions.assertThat;
import static software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName.MESSAGE_GROUP_ID;

import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sns.model.PublishBatchRequestEntry;
import software.amazon.awssdk.services.sns.model.PublishResponse;

/** From a FIFO topic to a FIFO queue: in order, and once. */
class FifoTopicTest extends Story {

    @Test
    void messagesComeOnceAndInOrder() {
        var topic = createFifoTopic();
        var url = subscribe(topic, createFifoQueue(Map.of()), Map.of("RawMessageDelivery", "true"));
        var sent = IntStream.range(0, 5).mapToObj(n -> publish(topic, "" + n)).toList();
        assertThat(sent).extracting(PublishResponse::sequenceNumber).isSorted().doesNotHaveDuplicates();
        var again = publish(topic, "2");
        assertThat(again.messageId()).isEqualTo(sent.get(2).messageId());
        assertThat(again.sequenceNumber()).isEqualTo(sent.get(2).sequenceNumber());

        var messages = receiveCount(url, 5);
        assertThat(bodies(messages)).containsExactly("0", "1", "2", "3", "4");
        assertThat(messages).allMatch(message -> system(message, MESSAGE_GROUP_ID).equals("g"));
        messages.forEach(message -> delete(url, message));
        assertThat(receive(url, 1)).isEmpty();
    }

    @Test
    void anEnvelopeHasTheTopicsSequenceNumber() {
        var topic = createFifoTopic();
        var url = subscribe(topic, createFifoQueue(), Map.of());
        var published = publish(topic, "x");
        assertThat(envelope(receiveOne(url)).get("SequenceNumber").asText()).isEqualTo(published.sequenceNumber());
    }

    @Test
    void aBatchKeepsItsOrder() {
        var topic = createFifoTopic();
        var url = subscribe(topic, createFifoQueue(), Map.of("RawMessageDelivery", "true"));
        sns.publishBatch(r -> r.topicArn(topic)
                .publishBatchRequestEntries(IntStream.range(0, 10)
                        .mapToObj(n -> PublishBatchRequestEntry.builder()
                                .id("" + n)
                                .message("" + n % 9)
                                .messageGroupId("g")
                                .build())
                        .toList()));
        var messages = receiveCount(url, 9);
        assertThat(bodies(messages)).containsExactly("0", "1", "2", "3", "4", "5", "6", "7", "8");
    }

    private static PublishResponse publish(String topic, String text) {
        return sns.publish(r -> r.topicArn(topic).message(text).messageGroupId("g"));
    }
}
