package topiq.compat.v1;

import static org.assertj.core.api.Assertions.assertThat;
import static topiq.compat.Eventually.eventually;

import com.amazonaws.services.sns.AmazonSNS;
import com.amazonaws.services.sns.model.CreateTopicRequest;
import com.amazonaws.services.sns.model.SubscribeRequest;
import com.amazonaws.services.sqs.AmazonSQS;
import com.amazonaws.services.sqs.model.CreateQueueRequest;
import com.amazonaws.services.sqs.model.GetQueueAttributesRequest;
import com.amazonaws.services.sqs.model.Message;
import com.amazonaws.services.sqs.model.MessageAttributeValue;
import com.amazonaws.services.sqs.model.QueueAttributeName;
import com.amazonaws.services.sqs.model.QueueDoesNotExistException;
import com.amazonaws.services.sqs.model.ReceiveMessageRequest;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import topiq.compat.Json;
import topiq.compat.Names;
import topiq.compat.Policies;
import topiq.compat.Topiq;

/** The clients, queues and topics that are deleted after the test, and the steps that many stories share. */
abstract class Story {

    protected static final AmazonSQS sqs = Clients.sqs(Topiq.ENDPOINT);
    protected static final AmazonSNS sns = Clients.sns(Topiq.ENDPOINT, Topiq.ACCOUNT);

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

    protected final String createQueue(Map<String, String> attributes) {
        return createQueue(sqs, Names.unique(), attributes);
    }

    protected final String createFifoQueue(Map<String, String> attributes) {
        var all = new HashMap<>(attributes);
        all.put("FifoQueue", "true");
        return createQueue(sqs, Names.uniqueFifo(), all);
    }

    /** One that deduplicates by content. */
    protected final String createFifoQueue() {
        return createFifoQueue(Map.of("ContentBasedDeduplication", "true"));
    }

    protected final String createQueue(AmazonSQS client, String name, Map<String, String> attributes) {
        var url = client.createQueue(new CreateQueueRequest(name).withAttributes(attributes)).getQueueUrl();
        afterwards(() -> deleteIfThere(client, url));
        return url;
    }

    private static void deleteIfThere(AmazonSQS client, String url) {
        try {
            client.deleteQueue(url);
        } catch (QueueDoesNotExistException itsTestDeletedIt) {
            // as it should be
        }
    }

    protected static String nameOf(String url) {
        return url.substring(url.lastIndexOf('/') + 1);
    }

    protected static String arnOf(String url) {
        return attribute(url, QueueAttributeName.QueueArn);
    }

    protected static String attribute(String url, QueueAttributeName name) {
        return sqs.getQueueAttributes(new GetQueueAttributesRequest(url).withAttributeNames(name))
                .getAttributes()
                .get(name.toString());
    }

    // Messages

    /** Asks for up to ten messages with all their attributes. */
    protected static ReceiveMessageRequest receiving(String url) {
        return new ReceiveMessageRequest(url)
                .withMaxNumberOfMessages(10)
                .withAttributeNames("All")
                .withMessageAttributeNames("All");
    }

    protected static List<Message> receive(String url, int waitSeconds) {
        return sqs.receiveMessage(receiving(url).withWaitTimeSeconds(waitSeconds)).getMessages();
    }

    protected static Message receiveOne(String url) {
        return receiveOne(receiving(url));
    }

    protected static Message receiveOne(ReceiveMessageRequest request) {
        var messages = sqs.receiveMessage(request.withWaitTimeSeconds(20).withMaxNumberOfMessages(1))
                .getMessages();
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
        return messages.stream().map(Message::getBody).toList();
    }

    protected static void delete(String url, Message message) {
        sqs.deleteMessage(url, message.getReceiptHandle());
    }

    protected static MessageAttributeValue attribute(String text) {
        return new MessageAttributeValue().withDataType("String").withStringValue(text);
    }

    // Dead letters

    /** Creates a queue whose messages fail after so many receives. */
    protected final String createSource(String deadLetters, int maxReceiveCount) {
        return createQueue(Map.of("RedrivePolicy", Policies.redrive(arnOf(deadLetters), maxReceiveCount)));
    }

    // Topics

    protected final String createTopic() {
        return createTopic(sns, Names.unique(), Map.of());
    }

    /** One that deduplicates by content. */
    protected final String createFifoTopic() {
        return createTopic(sns, Names.uniqueFifo(), Map.of("FifoTopic", "true", "ContentBasedDeduplication", "true"));
    }

    protected final String createTopic(AmazonSNS client, String name, Map<String, String> attributes) {
        var arn = client.createTopic(new CreateTopicRequest(name).withAttributes(attributes)).getTopicArn();
        afterwards(() -> client.deleteTopic(arn));
        return arn;
    }

    /** Creates a queue that subscribes a topic, and returns its URL. */
    protected final String createSubscriber(String topic, Map<String, String> attributes) {
        return subscribe(topic, createQueue(), attributes);
    }

    /** Subscribes a queue and returns its URL. */
    protected final String subscribe(String topic, String url, Map<String, String> attributes) {
        var arn = arnOf(url);
        sqs.setQueueAttributes(url, Map.of("Policy", Policies.topicMaySend(topic, arn)));
        sns.subscribe(new SubscribeRequest(topic, "sqs", arn).withAttributes(attributes));
        return url;
    }

    /** The notification in a queue's message. */
    protected static JsonNode envelope(Message message) {
        return Json.read(message.getBody());
    }

    /** The published messages in the envelopes. */
    protected static List<String> texts(List<Message> messages) {
        return messages.stream().map(message -> envelope(message).get("Message").asText()).toList();
    }
}
