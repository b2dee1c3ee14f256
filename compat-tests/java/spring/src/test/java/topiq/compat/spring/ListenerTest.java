package topiq.compat.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static topiq.compat.Eventually.eventuallyTrue;

import io.awspring.cloud.sqs.listener.MessageListenerContainerRegistry;
import io.awspring.cloud.sqs.listener.SqsHeaders;
import io.awspring.cloud.sqs.operations.SqsTemplate;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.messaging.support.MessageBuilder;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** {@code @SqsListener}, with all its parameters. */
class ListenerTest extends ShopStory {

    @Autowired
    private SqsTemplate template;

    @Autowired
    private MessageListenerContainerRegistry containers;

    @Test
    void aListenerGetsPayloadsAndHeaders() {
        var order = new Order(1, "é 😀 <&>");
        template.send(to -> to.queue(resources.getOrders()).payload(order).header("customer", "Ada"));
        eventuallyTrue("the order comes", () -> "Ada".equals(listeners.orders.get(order)));
        eventuallyTrue("it is acknowledged", () -> resources.isEmpty(resources.getOrders()));
    }

    @Test
    void aBatchListenerGetsAllAndAcknowledgesThem() {
        var orders = IntStream.range(0, 25).mapToObj(n -> new Order(n, "batch")).toList();
        for (int start = 0; start < 25; start += 10) {
            template.sendMany(
                    resources.getBatches(),
                    orders.subList(start, Math.min(25, start + 10)).stream()
                            .map(order -> MessageBuilder.withPayload(order).build())
                            .toList());
        }
        eventuallyTrue(
                "all orders come",
                () -> listeners.batches.stream().mapToInt(List::size).sum() >= 25);
        assertThat(listeners.batches).allMatch(batch -> batch.size() <= 10);
        assertThat(listeners.batches.stream().flatMap(List::stream)).containsExactlyInAnyOrderElementsOf(orders);
        eventuallyTrue("they are acknowledged", () -> resources.isEmpty(resources.getBatches()));
    }

    @Test
    void aFifoListenerKeepsEachGroupsOrder() {
        for (int n = 0; n < 30; n++) {
            var order = new Order(n, "fifo");
            var group = "group-" + n % 3;
            template.send(to -> to.queue(resources.getGroups()).payload(order).messageGroupId(group));
        }
        eventuallyTrue(
                "all orders come",
                () -> listeners.groups.values().stream().mapToInt(Queue::size).sum() >= 30);
        for (int group = 0; group < 3; group++) {
            int first = group;
            assertThat(listeners.groups.get("group-" + group))
                    .containsExactlyElementsOf(
                            IntStream.range(0, 10).mapToObj(n -> first + 3 * n).toList());
        }
        eventuallyTrue("they are acknowledged", () -> resources.isEmpty(resources.getGroups()));
    }

    @Test
    void anUnacknowledgedMessageComesAgain() {
        template.send(resources.getManual(), "acknowledged at second sight");
        eventuallyTrue("it is acknowledged", () -> listeners.manualCounts.size() >= 2
                && resources.isEmpty(resources.getManual()));
        assertThat(listeners.manualCounts).startsWith("1", "2");
    }

    @Test
    void alwaysAcknowledgesFailuresToo() {
        template.send(resources.getCareless(), "fails");
        eventuallyTrue("it came and is gone", () -> !listeners.careless.isEmpty()
                && resources.isEmpty(resources.getCareless()));
        assertThat(listeners.careless).containsExactly("fails");
    }

    @Test
    void aListenerCanChangeTheVisibility() {
        template.send(resources.getImpatient(), "again");
        eventuallyTrue("it comes twice", () -> listeners.impatientCounts.size() >= 2
                && resources.isEmpty(resources.getImpatient()));
        assertThat(listeners.impatientCounts).containsExactly("1", "2");
    }

    /** The error handler makes it visible at once; after three receives it is a dead letter. */
    @Test
    void aMessageThatAlwaysFailsBecomesADeadLetter() {
        var sent = template.send(resources.getFailing(), "poison");
        eventuallyTrue("it is a dead letter", () -> !listeners.deadLetters.isEmpty());
        assertThat(listeners.failures).containsExactly("poison", "poison", "poison");
        var dead = listeners.deadLetters.element();
        assertThat(dead.getPayload()).isEqualTo("poison");
        assertThat(dead.getHeaders().getId()).isEqualTo(sent.messageId());
        assertThat(dead.getHeaders())
                .containsEntry(SqsHeaders.MessageSystemAttributes.SQS_APPROXIMATE_RECEIVE_COUNT, "4");
        eventuallyTrue("it is gone", () -> resources.isEmpty(resources.getFailing()));
    }

    /** Messages in hand are finished and acknowledged; later ones stay in the queue. */
    @Test
    void aContainerStopsGracefully() throws Exception {
        var container = containers.getContainerById("slow");
        template.send(resources.getSlow(), "in hand");
        eventuallyTrue("it is in hand", () -> listeners.slow.started.contains("in hand"));

        var stopping = CompletableFuture.runAsync(container::stop);
        eventuallyTrue("the container stops", () -> !container.isRunning());
        listeners.slow.mayFinish.countDown();
        stopping.get(60, TimeUnit.SECONDS);
        assertThat(listeners.slow.finished).containsExactly("in hand");
        assertThat(resources.isEmpty(resources.getSlow())).as("it is acknowledged").isTrue();

        template.send(resources.getSlow(), "later");
        assertThat(resources.attribute(resources.getSlow(), QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES))
                .isEqualTo("1");
        container.start();
        eventuallyTrue("it is listened to again", () -> listeners.slow.finished.contains("later"));
        eventuallyTrue("it is acknowledged", () -> resources.isEmpty(resources.getSlow()));
    }
}
