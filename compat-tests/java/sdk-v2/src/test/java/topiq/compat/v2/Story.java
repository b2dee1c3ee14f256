package topiq.compat.v2;

import static org.assertj.core.api.Assertions.assertThat;
import static topiq.compat.Eventually.eventually;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueDoesNotExistException;
import software.amazon.awssdk.services.sqs.model.ReceiveMessageRequest;
import topiq.compat.Json;
import topiq.compat.Names;
import topiq.compat.Policies;
import topiq.compat.Topiq;

/** The clients, queues and topics that are deleted after the test, and the steps that many stories share. */
public abstract class Story {

    protected static final SqsClient sqs = Clients.sqs(Topiq.ENDPOINT);
    protected static final SnsClient sns = Clients.sns(Topiq.ENDPOINT, Topiq.ACCOUNT);

    private final Deque<Runnable> undo = new ArrayDeque<>();

    @AfterEach
    void deleteWhatWasCreated() {
        undo.forEach(Runnable::run);
    }

    protected final void afterwards(Runnable deletion) {
        undo.push(deletion);
    }

    // Queues

    protected final String createQueue() {
        return createQueue(Map.of());
    }

    protected final String createQueue(Map<QueueAttributeName, String> attributes) {
        return createQueue(sqs, Names.unique(), attributes);
    }

    protected final String createFifoQueue(Map<QueueAttributeName, String> attributes) {
        var all = new HashMap<>(attributes);
        all.put(QueueAttributeName.FIFO_QUEUE, "true");
        return createQueue(sqs, Names.uniqueFifo(), all);
    }

    /** One that deduplicates by content. */
    protected final String createFifoQueue() {
        return createFifoQueue(Map.of(QueueAttributeName.CONTENT_BASED_DEDUPLICATION, "true"));
    }

    protected final String createQueue(SqsClient client, String name, Map<QueueAttributeName, String> attributes) {
        var url = client.createQueue(r -> r.queueName(name).attributes(attributes)).queueUrl();
        afterwards(() -> deleteIfThere(client, url));
        return url;
    }

    private static void deleteIfThere(SqsClient client, String url) {
        try {
            client.deleteQueue(r -> r.queueUrl(url));
        } catch (QueueDoesNotExistException itsTestDeletedIt) {
            // as it should be
        }
    }

    protected static String nameOf(String url) {
        return url.substring(url.lastIndexOf('/') + 1);
    }

    protected static String arnOf(String url) {
        return attribute(url, QueueAttributeName.QUEUE_ARN);
    }

    protected static String attribute(String url, QueueAttributeName name) {
        return sqs.getQueueAttributes(r -> r.queueUrl(url).attributeNames(name)).attributes().get(name);
    }

    // Messages

    /** Receives up to ten messages with all their attributes. */
    protected static List<Message> receive(String url, int waitSeconds) {
        return receive(url, r -> r.waitTimeSeconds(waitSeconds));
    }

    protected static List<Message> receive(String url, Consumer<ReceiveMessageRequest.Builder> parameters) {
        return sqs.receiveMessage(r -> r.queueUrl(url)
                        .maxNumberOfMessages(10)
                        .messageSystemAttributeNames(MessageSystemAttributeName.ALL)
                        .messageAttributeNames("All")
                        .applyMutation(parameters))
                .messages();
    }

    protected static Message receiveOne(String url) {
        return receiveOne(url, r -> {});
    }

    protected static Message receiveOne(String url, Consumer<ReceiveMessageRequest.Builder> parameters) {
        var messages =
                receive(url, r -> r.waitTimeSeconds(20).maxNumberOfMessages(1).applyMutation(parameters));
        assertThat(messages).as("messages").hasSize(1);
        return messages.get(0);
    }

    /** Receives until so many messages have come, and returns them in the order of arrival. */
    protected static List<Message> receiveCount(String url, int count) {
        var messages = new ArrayList<Message>();
        return eventually(count + " messages come", () -> {
            messages.addAll(receive(url, 1));
            return messages.size() >= count ? Optional.of(messages) : Optional.empty();
        });
    }

    protected static List<String> bodies(List<Message> messages) {
        return messages.stream().map(Message::body).toList();
    }

    protected static void delete(String url, Message message) {
        sqs.deleteMessage(r -> r.queueUrl(url).receiptHandle(message.receiptHandle()));
    }

    protected static String system(Message message, MessageSystemAttributeName name) {
        return message.attributes().get(name);
    }

    protected static MessageAttributeValue attribute(String text) {
        return MessageAttributeValue.builder().dataType("String").stringValue(text).build();
    }

    // Dead letters

    /** Creates a queue whose messages fail after so many receives. */
    protected final String createSource(String deadLetters, int maxReceiveCount) {
        return createQueue(
                Map.of(QueueAttributeName.REDRIVE_POLICY, Policies.redrive(arnOf(deadLetters), maxReceiveCount)));
    }

    // Topics

    protected final String createTopic() {
        return createTopic(sns, Names.unique(), Map.of());
    }

    /** One that deduplicates by content. */
    protected final String createFifoTopic() {
        return createTopic(
                sns, Names.uniqueFifo(), Map.of("FifoTopic", "true", "ContentBasedDeduplication", "true"));
    }

    protected final String createTopic(SnsClient client, String name, Map<String, String> attributes) {
        var arn = client.createTopic(r -> r.name(name).attributes(attributes)).topicArn();
        afterwards(() -> client.deleteTopic(r -> r.topicArn(arn)));
        return arn;
    }

    /** Creates a queue that subscribes a topic, and returns its URL. */
    protected final String createSubscriber(String topic, Map<String, String> attributes) {
        return subscribe(topic, createQueue(), attributes);
    }

    /** Subscribes a queue and returns its URL. */
    protected final String subscribe(String topic, String url, Map<String, String> attributes) {
        var arn = arnOf(url);
        sqs.setQueueAttributes(r ->
                r.queueUrl(url).attributes(Map.of(QueueAttributeName.POLICY, Policies.topicMaySend(topic, arn))));
        sns.subscribe(r -> r.topicArn(topic).protocol("sqs").endpoint(arn).attributes(attributes));
        return url;
    }

    /** The notification in a queue's message. */
    protected static JsonNode envelope(Message message) {
        return Json.read(message.body());
    }

    /** The published messages in the envelopes. */
    protected static List<String> texts(List<Message> messages) {
        return messages.stream().map(message -> envelope(message).get("Message").asText()).toList();
    }
}
