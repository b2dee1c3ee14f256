package topiq.compat.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static topiq.compat.Eventually.eventuallyTrue;

import io.awspring.cloud.sns.core.SnsNotification;
import io.awspring.cloud.sns.core.SnsTemplate;
import io.awspring.cloud.sns.core.TopicNotFoundException;
import io.awspring.cloud.sns.core.TopicsListingTopicArnResolver;
import io.awspring.cloud.sns.sms.SmsMessageAttributes;
import io.awspring.cloud.sns.sms.SmsType;
import io.awspring.cloud.sns.sms.SnsSmsTemplate;
import io.awspring.cloud.sqs.operations.SqsTemplate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.messaging.Message;
import software.amazon.awssdk.services.sns.SnsClient;
import topiq.compat.Json;
import topiq.compat.Names;
import topiq.compat.Topiq;

/** {@code SnsTemplate}: topics by their names, filters, FIFO topics, text messages. */
class SnsTemplateTest extends ShopStory {

    @Autowired
    private SnsTemplate sns;

    @Autowired
    private SnsClient client;

    @Autowired
    private SqsTemplate sqs;

    /** The subscription's filter policy wants orders. */
    @Test
    void aListenerGetsMessagesThatItsFilterMatches() {
        var wanted = new Order(1, "é 😀 <&>");
        var other = new Order(2, "other");
        var topic = resources.getTopicName();
        sns.sendNotification(
                topic,
                SnsNotification.builder(other).subject("other").header("kind", "parcel").build());
        sns.sendNotification(
                topic,
                SnsNotification.builder(wanted).subject("wanted").header("kind", "order").build());
        eventuallyTrue("the order comes", () -> "wanted".equals(listeners.notified.get(wanted)));
        eventuallyTrue("it is acknowledged", () -> resources.isEmpty(resources.getNotified()));
        assertThat(listeners.notified).doesNotContainKey(other);
    }

    @Test
    void aMissingTopicIsDistinguishedFromAnExistingOne() {
        var arn = resources.createTopic(Names.unique(), Map.of());
        assertThat(sns.topicExists(arn)).isTrue();
        assertThat(sns.topicExists(arn + "-missing")).isFalse();
    }

    /** Unlike the default one, this resolver creates no topic. */
    @Test
    void aNameIsResolvedByListingTopics() {
        var name = Names.unique();
        var queue = resources.createQueue(Map.of());
        resources.subscribe(resources.createTopic(name, Map.of()), queue, Map.of("RawMessageDelivery", "true"));
        var listing = new SnsTemplate(client, new TopicsListingTopicArnResolver(client), null);
        listing.sendNotification(name, "found", "Subject");
        assertThat(sqs.receive(from -> from.queue(queue).pollTimeout(Duration.ofSeconds(20)), String.class))
                .hasValueSatisfying(message -> assertThat(message.getPayload()).isEqualTo("found"));
        assertThatThrownBy(() -> listing.sendNotification(Names.unique(), "lost", "Subject"))
                .isInstanceOf(TopicNotFoundException.class);
    }

    @Test
    void aFifoTopicPublishesOnceAndInOrder() {
        var name = Names.uniqueFifo();
        var queue = resources.createFifoQueue();
        var topic = resources.createTopic(name, Map.of("FifoTopic", "true"));
        resources.subscribe(topic, queue, Map.of("RawMessageDelivery", "true"));
        for (var text : List.of("a", "b", "a again", "c")) {
            sns.sendNotification(
                    topic,
                    SnsNotification.builder(text)
                            .groupId("g")
                            .deduplicationId(text.substring(0, 1))
                            .build());
        }
        assertThat(sqs.receiveMany(
                        from -> from.queue(queue).maxNumberOfMessages(10).pollTimeout(Duration.ofSeconds(20)),
                        String.class))
                .extracting(Message::getPayload)
                .containsExactly("a", "b", "c");
    }

    /** It reaches no phone: topiq keeps it for inspection. */
    @Test
    void aTextMessageIsSent() {
        var text = Names.unique();
        new SnsSmsTemplate(client)
                .send(
                        "+15551234567",
                        text,
                        SmsMessageAttributes.builder()
                                .smsType(SmsType.PROMOTIONAL)
                                .senderID("Shop")
                                .build());
        var kept = Json.read(Json.visit(Topiq.ENDPOINT + "/_topiq/sns/deliveries?protocol=sms"));
        assertThat(kept.get("Deliveries")).anySatisfy(delivery -> assertThat(
                        delivery.get("Message").asText())
                .isEqualTo(text));
    }
}
