package topiq.compat.spring;

import jakarta.annotation.PreDestroy;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.springframework.stereotype.Component;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import topiq.compat.Names;
import topiq.compat.Policies;

/** Creates the application's queues and topics before its listeners start, and deletes them when they have stopped. */
@Component("resources")
class Resources {

    private final SqsAsyncClient sqs;
    private final SnsClient sns;
    private final Deque<Runnable> undo = new ConcurrentLinkedDeque<>();

    private final String orders;
    private final String batches;
    private final String groups;
    private final String manual;
    private final String careless;
    private final String impatient;
    private final String deadLetters;
    private final String failing;
    private final String slow;
    private final String notified;
    private final String topicName = Names.unique();

    Resources(SqsAsyncClient sqs, SnsClient sns) {
        this.sqs = sqs;
        this.sns = sns;
        orders = createQueue(Map.of());
        batches = createQueue(Map.of());
        groups = createFifoQueue();
        manual = createQueue(Map.of());
        careless = createQueue(Map.of());
        impatient = createQueue(Map.of(QueueAttributeName.VISIBILITY_TIMEOUT, "600"));
        deadLetters = createQueue(Map.of());
        failing = createQueue(Map.of(
                QueueAttributeName.VISIBILITY_TIMEOUT, "600",
                QueueAttributeName.REDRIVE_POLICY, Policies.redrive(arnOf(deadLetters), 3)));
        slow = createQueue(Map.of());
        notified = createQueue(Map.of());
        subscribe(createTopic(topicName, Map.of()), notified, Map.of("FilterPolicy", "{\"kind\":[\"order\"]}"));
    }

    // The listeners' expressions read these as properties.

    public String getOrders() {
        return orders;
    }

    public String getBatches() {
        return batches;
    }

    public String getGroups() {
        return groups;
    }

    public String getManual() {
        return manual;
    }

    public String getCareless() {
        return careless;
    }

    public String getImpatient() {
        return impatient;
    }

    public String getDeadLetters() {
        return deadLetters;
    }

    public String getFailing() {
        return failing;
    }

    public String getSlow() {
        return slow;
    }

    public String getNotified() {
        return notified;
    }

    public String getTopicName() {
        return topicName;
    }

    /** Creates a queue and returns its name. */
    final String createQueue(Map<QueueAttributeName, String> attributes) {
        return createQueue(Names.unique(), attributes);
    }

    final String createFifoQueue() {
        return createQueue(
                Names.uniqueFifo(),
                Map.of(
                        QueueAttributeName.FIFO_QUEUE, "true",
                        QueueAttributeName.CONTENT_BASED_DEDUPLICATION, "true"));
    }

    private String createQueue(String name, Map<QueueAttributeName, String> attributes) {
        var url = sqs.createQueue(r -> r.queueName(name).attributes(attributes)).join().queueUrl();
        undo.push(() -> sqs.deleteQueue(r -> r.queueUrl(url)).join());
        return name;
    }

    /** Creates a topic and returns its ARN. */
    final String createTopic(String name, Map<String, String> attributes) {
        var arn = sns.createTopic(r -> r.name(name).attributes(attributes)).topicArn();
        undo.push(() -> sns.deleteTopic(r -> r.topicArn(arn)));
        return arn;
    }

    final void subscribe(String topicArn, String queue, Map<String, String> attributes) {
        var queueArn = arnOf(queue);
        sqs.setQueueAttributes(r -> r.queueUrl(urlOf(queue))
                        .attributes(Map.of(QueueAttributeName.POLICY, Policies.topicMaySend(topicArn, queueArn))))
                .join();
        sns.subscribe(r -> r.topicArn(topicArn).protocol("sqs").endpoint(queueArn).attributes(attributes));
    }

    final String attribute(String queue, QueueAttributeName name) {
        return sqs.getQueueAttributes(r -> r.queueUrl(urlOf(queue)).attributeNames(name))
                .join()
                .attributes()
                .get(name);
    }

    /** Visible or in flight. */
    final boolean isEmpty(String queue) {
        return attribute(queue, QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES).equals("0")
                && attribute(queue, QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE)
                        .equals("0");
    }

    private String arnOf(String queue) {
        return attribute(queue, QueueAttributeName.QUEUE_ARN);
    }

    private String urlOf(String queue) {
        return sqs.getQueueUrl(r -> r.queueName(queue)).join().queueUrl();
    }

    @PreDestroy
    void deleteWhatWasCreated() {
        undo.forEach(Runnable::run);
    }
}
