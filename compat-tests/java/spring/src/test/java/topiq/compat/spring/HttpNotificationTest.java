package topiq.compat.spring;

import static topiq.compat.Eventually.eventuallyTrue;

import io.awspring.cloud.sns.core.SnsNotification;
import io.awspring.cloud.sns.core.SnsTemplate;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import software.amazon.awssdk.services.sns.SnsClient;
import topiq.compat.Json;
import topiq.compat.Names;
import topiq.compat.Topiq;

/** A topic's subscriber by HTTP, from the handshake to the end of its subscription, which it restores. */
class HttpNotificationTest extends ShopStory {

    @LocalServerPort
    private int port;

    @Autowired
    private SnsTemplate sns;

    @Autowired
    private SnsClient client;

    @Autowired
    private NotificationController controller;

    @Test
    void theControllerConfirmsReceivesAndStays() {
        var topic = resources.createTopic(Names.unique(), Map.of());
        var subscription = client.subscribe(r -> r.topicArn(topic)
                        .protocol("http")
                        .endpoint("http://127.0.0.1:" + port + "/notifications")
                        .returnSubscriptionArn(true))
                .subscriptionArn();
        eventuallyTrue("the subscription is confirmed", () -> client.getSubscriptionAttributes(
                        r -> r.subscriptionArn(subscription))
                .attributes()
                .get("PendingConfirmation")
                .equals("false"));

        checkThatNotificationsCome(topic, new Order(1, "é 😀 <&>"));

        // The link in each notification, which needs no signature.
        Json.visit(Topiq.ENDPOINT + "/?Action=Unsubscribe&SubscriptionArn=" + subscription);
        eventuallyTrue("it is informed of the end", () -> controller.farewells.get() == 1);
        eventuallyTrue("it is subscribed again", () -> client.listSubscriptionsByTopic(r -> r.topicArn(topic))
                .subscriptions()
                .stream()
                .anyMatch(found -> found.subscriptionArn().startsWith(topic)));
        checkThatNotificationsCome(topic, new Order(2, "after all"));
    }

    private void checkThatNotificationsCome(String topic, Order order) {
        var subject = Names.unique();
        sns.sendNotification(topic, SnsNotification.builder(order).subject(subject).build());
        eventuallyTrue("the notification comes", () -> order.equals(controller.received.get(subject)));
    }
}
