package topiq.compat.spring;

import io.awspring.cloud.sqs.annotation.SnsNotificationMessage;
import io.awspring.cloud.sqs.annotation.SnsNotificationSubject;
import io.awspring.cloud.sqs.annotation.SqsListener;
import io.awspring.cloud.sqs.annotation.SqsListenerAcknowledgementMode;
import io.awspring.cloud.sqs.listener.SqsHeaders;
import io.awspring.cloud.sqs.listener.Visibility;
import io.awspring.cloud.sqs.listener.acknowledgement.Acknowledgement;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.springframework.messaging.Message;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.stereotype.Component;

/** The shop's listeners: each records its messages. */
@Component
class Listeners {

    private static final String RECEIVE_COUNT = SqsHeaders.MessageSystemAttributes.SQS_APPROXIMATE_RECEIVE_COUNT;
    private static final String GROUP = SqsHeaders.MessageSystemAttributes.SQS_MESSAGE_GROUP_ID_HEADER;

    final Map<Order, String> orders = new ConcurrentHashMap<>();
    final Queue<List<Order>> batches = new ConcurrentLinkedQueue<>();
    final Map<String, Queue<Integer>> groups = new ConcurrentHashMap<>();
    final Queue<String> manualCounts = new ConcurrentLinkedQueue<>();
    final Queue<String> careless = new ConcurrentLinkedQueue<>();
    final Queue<String> impatientCounts = new ConcurrentLinkedQueue<>();
    final Queue<String> failures = new ConcurrentLinkedQueue<>();
    final Queue<Message<String>> deadLetters = new ConcurrentLinkedQueue<>();
    final Map<Order, String> notified = new ConcurrentHashMap<>();
    final Slow slow = new Slow();

    /** A listener that a test can hold. */
    static final class Slow {
        final Queue<String> started = new ConcurrentLinkedQueue<>();
        final Queue<String> finished = new ConcurrentLinkedQueue<>();
        final CountDownLatch mayFinish = new CountDownLatch(1);
    }

    @SqsListener("#{resources.orders}")
    void order(Order order, @Header("customer") String customer) {
        orders.put(order, customer);
    }

    @SqsListener("#{resources.batches}")
    void batch(List<Order> orders) {
        batches.add(orders);
    }

    @SqsListener("#{resources.groups}")
    void group(Order order, @Header(GROUP) String group) {
        groups.computeIfAbsent(group, any -> new ConcurrentLinkedQueue<>()).add(order.number());
    }

    /** Acknowledges a message that has come before. */
    @SqsListener(
            queueNames = "#{resources.manual}",
            messageVisibilitySeconds = "3",
            acknowledgementMode = SqsListenerAcknowledgementMode.MANUAL)
    void manual(String text, @Header(RECEIVE_COUNT) String count, Acknowledgement acknowledgement) {
        manualCounts.add(count);
        if (!count.equals("1")) {
            acknowledgement.acknowledge();
        }
    }

    @SqsListener(queueNames = "#{resources.careless}", acknowledgementMode = SqsListenerAcknowledgementMode.ALWAYS)
    void careless(String text) {
        careless.add(text);
        throw new IllegalStateException("acknowledged all the same");
    }

    /** Cannot wait for the queue's ten minutes. */
    @SqsListener("#{resources.impatient}")
    void impatient(String text, @Header(RECEIVE_COUNT) String count, Visibility visibility) {
        impatientCounts.add(count);
        if (count.equals("1")) {
            visibility.changeTo(0);
            throw new IllegalStateException("once more, at once");
        }
    }

    @SqsListener(queueNames = "#{resources.failing}", factory = "retryingFactory")
    void fail(String text) {
        failures.add(text);
        throw new IllegalStateException("always");
    }

    @SqsListener("#{resources.deadLetters}")
    void deadLetter(Message<String> message) {
        deadLetters.add(message);
    }

    @SqsListener(queueNames = "#{resources.slow}", id = "slow")
    void slow(String text) throws InterruptedException {
        slow.started.add(text);
        slow.mayFinish.await();
        slow.finished.add(text);
    }

    /** A topic's message, out of its envelope. */
    @SqsListener("#{resources.notified}")
    void notified(@SnsNotificationMessage Order order, @SnsNotificationSubject String subject) {
        notified.put(order, subject);
    }
}
