package topiq.compat.v1;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.sns.AmazonSNS;
import com.amazonaws.services.sns.model.MessageAttributeValue;
import com.amazonaws.services.sns.model.PublishBatchRequest;
import com.amazonaws.services.sns.model.PublishBatchRequestEntry;
import com.amazonaws.services.sns.model.PublishRequest;
import com.amazonaws.services.sns.util.SignatureChecker;
import com.amazonaws.services.sns.util.Topics;
import com.amazonaws.services.sqs.AmazonSQS;
import com.amazonaws.services.sqs.model.ReceiveMessageRequest;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import topiq.compat.Json;
import topiq.compat.Names;
import topiq.compat.Topiq;

/** A topic brings each queue what its filter policy lets through, signed. */
class TopicTest extends Story {

    private static final Map<String, String> RAW = Map.of("RawMessageDelivery", "true");

    @Test
    void theEnvelopeTellsAllOfANotification() {
        var topic = createTopic();
        var url = createSubscriber(topic, Map.of());
        var published = sns.publish(new PublishRequest(topic, "é 😀 \"<&>\"", "Subject")
                .withMessageAttributes(Map.of("kind", string("order"))));
        var envelope = envelope(receiveOne(url));
        assertThat(envelope.get("Type").asText()).isEqualTo("Notification");
        assertThat(envelope.get("MessageId").asText()).isEqualTo(published.getMessageId());
        assertThat(envelope.get("TopicArn").asText()).isEqualTo(topic);
        assertThat(envelope.get("Subject").asText()).isEqualTo("Subject");
        assertThat(envelope.get("Message").asText()).isEqualTo("é 😀 \"<&>\"");
        assertThat(envelope.get("MessageAttributes"))
                .isEqualTo(Json.read("{\"kind\":{\"Type\":\"String\",\"Value\":\"order\"}}"));
    }

    @Test
    void rawDeliveryHasTheMessageAndItsAttributes() {
        var topic = createTopic();
        var url = createSubscriber(topic, RAW);
        sns.publish(new PublishRequest(topic, "raw <&> é 😀")
                .withMessageAttributes(Map.of("kind", string("order"), "size", number("12"))));
        var message = receiveOne(url);
        assertThat(message.getBody()).isEqualTo("raw <&> é 😀");
        assertThat(message.getMessageAttributes()).containsOnlyKeys("kind", "size");
        assertThat(message.getMessageAttributes().get("size").getDataType()).isEqualTo("Number");
    }

    @Test
    void queuesGetWhatTheirPoliciesWant() {
        var topic = createTopic();
        var byAttribute = createSubscriber(
                topic, Map.of("FilterPolicy", "{\"kind\":[\"order\"],\"size\":[{\"numeric\":[\">=\",10]}]}"));
        var byBody = createSubscriber(
                topic,
                Map.of("FilterPolicyScope", "MessageBody", "FilterPolicy", "{\"user\":{\"tier\":[\"gold\"]}}"));
        var gold = "{\"user\":{\"tier\":\"gold\"}}";
        publish(topic, "big", Map.of("kind", string("order"), "size", number("10")));
        publish(topic, "small", Map.of("kind", string("order"), "size", number("9")));
        publish(topic, gold, Map.of());
        publish(topic, "{\"user\":{\"tier\":\"tin\"}}", Map.of());
        assertThat(texts(receiveCount(byAttribute, 1))).containsExactly("big");
        assertThat(texts(receiveCount(byBody, 1))).containsExactly(gold);
        assertThat(receive(byAttribute, 0)).isEmpty();
        assertThat(receive(byBody, 0)).isEmpty();
    }

    @Test
    void aBatchIsPublishedEntryByEntry() {
        var topic = createTopic();
        var url = createSubscriber(topic, RAW);
        var answer = sns.publishBatch(new PublishBatchRequest()
                .withTopicArn(topic)
                .withPublishBatchRequestEntries(
                        new PublishBatchRequestEntry().withId("one").withMessage("a"),
                        new PublishBatchRequestEntry().withId("two").withMessage("b")));
        assertThat(answer.getSuccessful()).extracting("id").containsExactly("one", "two");
        assertThat(answer.getFailed()).isEmpty();
        assertThat(bodies(receiveCount(url, 2))).containsExactlyInAnyOrder("a", "b");
    }

    /** Against a server that enforces policies, so that the topic gets in only by the policy that the SDK writes. */
    @Test
    void theSdksOwnHelperSubscribesAQueue() {
        AmazonSQS enforcingSqs = Clients.sqs(Topiq.ENFORCING_ENDPOINT);
        AmazonSNS enforcingSns = Clients.sns(Topiq.ENFORCING_ENDPOINT, Topiq.ACCOUNT);
        var topic = createTopic(enforcingSns, Names.unique(), Map.of());
        var url = createQueue(enforcingSqs, Names.unique(), Map.of());
        assertThat(Topics.subscribeQueue(enforcingSns, enforcingSqs, topic, url)).startsWith(topic + ":");
        enforcingSns.publish(topic, "let in");
        assertThat(enforcingSqs.receiveMessage(new ReceiveMessageRequest(url).withWaitTimeSeconds(20))
                        .getMessages())
                .hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "2"})
    void theSdkVerifiesTheSignature(String version) throws CertificateException {
        var topic = createTopic(sns, Names.unique(), Map.of("SignatureVersion", version));
        var url = createSubscriber(topic, Map.of());
        sns.publish(new PublishRequest(topic, "Message 😀\n<&>", "Subject é"));
        var body = receiveOne(url).getBody();
        var notification = (ObjectNode) Json.read(body);
        assertThat(notification.get("SignatureVersion").asText()).isEqualTo(version);

        var key = publicKey(notification.get("SigningCertURL").asText());
        assertThat(new SignatureChecker().verifyMessageSignature(body, key)).isTrue();
        notification.put("Message", "forged");
        assertThat(new SignatureChecker().verifyMessageSignature(notification.toString(), key)).isFalse();
    }

    private static PublicKey publicKey(String url) throws CertificateException {
        var certificate = Json.visit(url).getBytes(StandardCharsets.US_ASCII);
        return CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(certificate))
                .getPublicKey();
    }

    private static void publish(String topic, String text, Map<String, MessageAttributeValue> attributes) {
        sns.publish(new PublishRequest(topic, text).withMessageAttributes(attributes));
    }

    private static MessageAttributeValue string(String text) {
        return new MessageAttributeValue().withDataType("String").withStringValue(text);
    }

    private static MessageAttributeValue number(String text) {
        return new MessageAttributeValue().withDataType("Number").withStringValue(text);
    }
}
