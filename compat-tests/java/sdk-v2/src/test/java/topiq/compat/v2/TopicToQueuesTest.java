package topiq.compat.v2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.sns.model.InvalidParameterException;
import software.amazon.awssdk.services.sns.model.MessageAttributeValue;
import software.amazon.awssdk.services.sns.model.PublishBatchRequestEntry;
import software.amazon.awssdk.services.sns.model.PublishBatchResultEntry;
import topiq.compat.Json;
import topiq.compat.Topiq;

/** A topic brings each queue what its filter policy lets through. */
class TopicToQueuesTest extends Story {

    private static final Map<String, String> RAW = Map.of("RawMessageDelivery", "true");

    @Test
    void topicsHaveAttributesAndTags() {
        var topic = createTopic();
        sns.setTopicAttributes(
                r -> r.topicArn(topic).attributeName("DisplayName").attributeValue("Orders & <more>"));
        sns.tagResource(r -> r.resourceArn(topic).tags(t -> t.key("team").value("orders")));
        var attributes = sns.getTopicAttributes(r -> r.topicArn(topic)).attributes();
        assertThat(attributes)
                .containsEntry("TopicArn", topic)
                .containsEntry("DisplayName", "Orders & <more>")
                .containsEntry("Owner", Topiq.ACCOUNT)
                .containsEntry("SubscriptionsConfirmed", "0");
        assertThat(sns.listTagsForResource(r -> r.resourceArn(topic)).tags())
                .extracting("key", "value")
                .containsExactly(tuple("team", "orders"));
    }

    @Test
    void subscriptionsAreShownChangedAndEnded() {
        var topic = createTopic();
        var url = createSubscriber(topic, Map.of());
        var shown = sns.listSubscriptionsByTopic(r -> r.topicArn(topic)).subscriptions();
        assertThat(shown).extracting("protocol", "endpoint").containsExactly(tuple("sqs", arnOf(url)));
        var arn = shown.get(0).subscriptionArn();
        sns.setSubscriptionAttributes(
                r -> r.subscriptionArn(arn).attributeName("RawMessageDelivery").attributeValue("true"));
        assertThat(sns.getSubscriptionAttributes(r -> r.subscriptionArn(arn)).attributes())
                .containsEntry("RawMessageDelivery", "true")
                .containsEntry("PendingConfirmation", "false")
                .containsEntry("Endpoint", arnOf(url));
        sns.unsubscribe(r -> r.subscriptionArn(arn));
        sns.publish(r -> r.topicArn(topic).message("to nobody"));
        assertThat(receive(url, 1)).isEmpty();
    }

    @Test
    void theEnvelopeTellsAllOfANotification() {
        var topic = createTopic();
        var url = createSubscriber(topic, Map.of());
        var published = sns.publish(r -> r.topicArn(topic)
                .subject("Subject")
                .message("é 😀 \"<&>\"")
                .messageAttributes(Map.of("kind", string("order"), "bytes", binary("hello"))));
        var message = receiveOne(url);
        assertThat(message.messageAttributes()).isEmpty();
        var envelope = envelope(message);
        assertThat(names(envelope))
                .containsExactly(
                        "Type",
                        "MessageId",
                        "TopicArn",
                        "Subject",
                        "Message",
                        "Timestamp",
                        "SignatureVersion",
                        "Signature",
                        "SigningCertURL",
                        "UnsubscribeURL",
                        "MessageAttributes");
        assertThat(envelope.get("Type").asText()).isEqualTo("Notification");
        assertThat(envelope.get("MessageId").asText()).isEqualTo(published.messageId());
        assertThat(envelope.get("TopicArn").asText()).isEqualTo(topic);
        assertThat(envelope.get("Subject").asText()).isEqualTo("Subject");
        assertThat(envelope.get("Message").asText()).isEqualTo("é 😀 \"<&>\"");
        assertThat(Instant.parse(envelope.get("Timestamp").asText())).isNotNull();
        assertThat(envelope.get("MessageAttributes"))
                .isEqualTo(Json.read("{\"kind\":{\"Type\":\"String\",\"Value\":\"order\"},"
                        + "\"bytes\":{\"Type\":\"Binary\",\"Value\":\"aGVsbG8=\"}}"));
    }

    @Test
    void rawDeliveryHasTheMessageAndItsAttributes() {
        var topic = createTopic();
        var url = createSubscriber(topic, RAW);
        var text = "raw <&> é 😀";
        sns.publish(r -> r.topicArn(topic)
                .message(text)
                .messageAttributes(Map.of("kind", string("order"), "size", number("12"), "bytes", binary("hello"))));
        var message = receiveOne(url);
        assertThat(message.body()).isEqualTo(text);
        assertThat(message.messageAttributes()).containsOnlyKeys("kind", "size", "bytes");
        assertThat(message.messageAttributes().get("size").dataType()).isEqualTo("Number");
        assertThat(message.messageAttributes().get("bytes").binaryValue().asUtf8String())
                .isEqualTo("hello");
    }

    @Test
    void queuesGetWhatTheirPoliciesWant() {
        var topic = createTopic();
        var byAttribute = createSubscriber(
                topic, Map.of("FilterPolicy", "{\"kind\":[\"order\"],\"size\":[{\"numeric\":[\">=\",10]}]}"));
        var byBody = createSubscriber(
                topic,
                Map.of(
                        "FilterPolicyScope", "MessageBody",
                        "FilterPolicy", "{\"user\":{\"tier\":[\"gold\"]},\"total\":[{\"numeric\":[\">\",5]}]}"));
        var everything = createSubscriber(topic, Map.of());

        var gold = "{\"user\":{\"tier\":\"gold\"},\"total\":6}";
        var poor = "{\"user\":{\"tier\":\"gold\"},\"total\":5}";
        publish(topic, "no json", Map.of("kind", string("order"), "size", number("10")));
        publish(topic, "small", Map.of("kind", string("order"), "size", number("9")));
        publish(topic, gold, Map.of());
        publish(topic, poor, Map.of("kind", strings("[\"x\",\"order\"]"), "size", number("11")));
        publish(topic, "[1]", Map.of("kind", string("parcel"), "size", number("100")));

        assertThat(texts(receiveCount(everything, 5))).containsExactlyInAnyOrder("no json", "small", gold, poor, "[1]");
        assertThat(texts(receiveCount(byAttribute, 2))).containsExactlyInAnyOrder("no json", poor);
        assertThat(texts(receiveCount(byBody, 1))).containsExactly(gold);
        assertThat(receive(byAttribute, 0)).isEmpty();
        assertThat(receive(byBody, 0)).isEmpty();
    }

    @Test
    void aBatchIsPublishedEntryByEntry() {
        var topic = createTopic();
        var url = createSubscriber(topic, RAW);
        var answer = sns.publishBatch(
                r -> r.topicArn(topic).publishBatchRequestEntries(entry("one", "a"), entry("two", "b")));
        assertThat(answer.successful()).extracting(PublishBatchResultEntry::id).containsExactly("one", "two");
        assertThat(answer.hasFailed()).isTrue();
        assertThat(answer.failed()).isEmpty();
        assertThat(bodies(receiveCount(url, 2))).containsExactlyInAnyOrder("a", "b");
    }

    /** Unlike SQS's. */
    @Test
    void aBadEntryRefusesTheWholeBatch() {
        var topic = createTopic();
        var url = createSubscriber(topic, RAW);
        assertThatThrownBy(() -> sns.publishBatch(
                        r -> r.topicArn(topic).publishBatchRequestEntries(entry("good", "a"), entry("bad", ""))))
                .isInstanceOf(InvalidParameterException.class);
        assertThat(receive(url, 1)).isEmpty();
    }

    @Test
    void aStructureHasATextForQueues() {
        var topic = createTopic();
        var url = createSubscriber(topic, RAW);
        sns.publish(r -> r.topicArn(topic)
                .messageStructure("json")
                .message(Json.write(Map.of("default", "for all", "sqs", "for queues"))));
        assertThat(receiveOne(url).body()).isEqualTo("for queues");
    }

    private static void publish(String topic, String text, Map<String, MessageAttributeValue> attributes) {
        sns.publish(r -> r.topicArn(topic).message(text).messageAttributes(attributes));
    }

    private static PublishBatchRequestEntry entry(String id, String message) {
        return PublishBatchRequestEntry.builder().id(id).message(message).build();
    }

    private static List<String> names(JsonNode object) {
        Iterator<String> names = object.fieldNames();
        return StreamSupport.stream(Spliterators.spliteratorUnknownSize(names, Spliterator.ORDERED), false)
                .toList();
    }

    // SNS's attributes are of another class than SQS's.

    private static MessageAttributeValue string(String text) {
        return MessageAttributeValue.builder().dataType("String").stringValue(text).build();
    }

    private static MessageAttributeValue strings(String array) {
        return MessageAttributeValue.builder().dataType("String.Array").stringValue(array).build();
    }

    private static MessageAttributeValue number(String text) {
        return MessageAttributeValue.builder().dataType("Number").stringValue(text).build();
    }

    private static MessageAttributeValue binary(String text) {
        return MessageAttributeValue.builder()
                .dataType("Binary")
                .binaryValue(SdkBytes.fromUtf8String(text))
                .build();
    }
}
