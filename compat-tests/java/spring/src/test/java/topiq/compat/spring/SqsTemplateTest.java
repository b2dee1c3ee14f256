package topiq.compat.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static topiq.compat.Eventually.eventually;

import io.awspring.cloud.sqs.listener.SqsHeaders;
import io.awspring.cloud.sqs.operations.SendBatchOperationFailedException;
import io.awspring.cloud.sqs.operations.SqsTemplate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.messaging.Message;
import org.springframework.messaging.support.MessageBuilder;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** {@code SqsTemplate}: sending and receiving without a listener. */
class SqsTemplateTest extends ShopStory {

    @Autowired
    private SqsTemplate template;

    @Test
    void anObjectIsSentAndReceived() {
        var queue = resources.createQueue(Map.of());
        var sent = template.send(to -> to.queue(queue)
                .payload(new Order(1, "tea"))
                .header("customer", "Ada")
                .header("visits", 7));
        var received = template.receive(
                        from -> from.queue(queue).pollTimeout(Duration.ofSeconds(20)), Order.class)
                .orElseThrow();
        assertThat(received.getPayload()).isEqualTo(new Order(1, "tea"));
        assertThat(received.getHeaders().getId()).isEqualTo(sent.messageId());
        assertThat(received.getHeaders()).containsEntry("customer", "Ada");
        assertThat(received.getHeaders().get("visits").toString()).isEqualTo("7");
        assertThat(resources.isEmpty(queue)).as("the template acknowledges").isTrue();
    }

    @Test
    void anEmptyQueueHasNoMessage() {
        var queue = resources.createQueue(Map.of());
        assertThat(template.receive(from -> from.queue(queue).pollTimeout(Duration.ofSeconds(1)), String.class))
                .isEmpty();
    }

    @Test
    void manyAreSentAndReceived() {
        var queue = resources.createQueue(Map.of());
        var texts = IntStream.range(0, 10).mapToObj(n -> "text " + n).toList();
        var sent = template.sendMany(queue, messages(texts));
        assertThat(sent.successful()).hasSize(10);
        assertThat(sent.failed()).isEmpty();
        var received = new ArrayList<String>();
        eventually("ten messages come", () -> {
            template.receiveMany(
                            from -> from.queue(queue)
                                    .maxNumberOfMessages(10)
                                    .pollTimeout(Duration.ofSeconds(1)),
                            String.class)
                    .forEach(message -> received.add(message.getPayload()));
            return received.size() >= 10 ? Optional.of(received) : Optional.empty();
        });
        assertThat(received).containsExactlyInAnyOrderElementsOf(texts);
    }

    @Test
    void oneOfManyMayFail() {
        var queue = resources.createQueue(Map.of(QueueAttributeName.MAXIMUM_MESSAGE_SIZE, "1024"));
        assertThatThrownBy(() -> template.sendMany(queue, messages(List.of("good", "x".repeat(2000)))))
                .isInstanceOfSatisfying(SendBatchOperationFailedException.class, failure -> {
                    var result = failure.getSendBatchResult(String.class);
                    assertThat(result.successful())
                            .extracting(sent -> sent.message().getPayload())
                            .containsExactly("good");
                    assertThat(result.failed())
                            .extracting(failed -> failed.errorMessage())
                            .containsExactly("One or more parameters cannot be validated. "
                                    + "Reason: Message must be shorter than 1024 bytes.");
                });
    }

    @Test
    void aFifoQueueGetsGroupsAndDropsDuplicates() {
        var queue = resources.createFifoQueue();
        for (var text : List.of("a", "b", "a again")) {
            template.send(to -> to.queue(queue)
                    .payload(text)
                    .messageGroupId("g")
                    .messageDeduplicationId(text.substring(0, 1)));
        }
        var received = template.receiveMany(
                from -> from.queue(queue).maxNumberOfMessages(10).pollTimeout(Duration.ofSeconds(20)),
                String.class);
        assertThat(received).extracting(Message::getPayload).containsExactly("a", "b");
        assertThat(received).allSatisfy(message -> assertThat(message.getHeaders())
                .containsEntry(SqsHeaders.MessageSystemAttributes.SQS_MESSAGE_GROUP_ID_HEADER, "g"));
    }

    @Test
    void aMessageMayBeDelayed() {
        var queue = resources.createQueue(Map.of());
        template.send(to -> to.queue(queue).payload("later").delaySeconds(900));
        assertThat(resources.attribute(queue, QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_DELAYED))
                .isEqualTo("1");
    }

    private static List<Message<String>> messages(List<String> texts) {
        return texts.stream().map(text -> MessageBuilder.withPayload(text).build()).toList();
    }
}
