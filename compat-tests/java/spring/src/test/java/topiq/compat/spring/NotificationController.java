package topiq.compat.spring;

import io.awspring.cloud.sns.annotation.endpoint.NotificationMessageMapping;
import io.awspring.cloud.sns.annotation.endpoint.NotificationSubscriptionMapping;
import io.awspring.cloud.sns.annotation.endpoint.NotificationUnsubscribeConfirmationMapping;
import io.awspring.cloud.sns.annotation.handlers.NotificationMessage;
import io.awspring.cloud.sns.annotation.handlers.NotificationSubject;
import io.awspring.cloud.sns.handlers.NotificationStatus;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.RequestMapping;

/** Topics' notifications by HTTP. */
@Controller
@RequestMapping("/notifications")
class NotificationController {

    final Map<String, Order> received = new ConcurrentHashMap<>();
    final AtomicInteger farewells = new AtomicInteger();

    @NotificationSubscriptionMapping
    void subscribed(NotificationStatus status) {
        status.confirmSubscription();
    }

    @NotificationMessageMapping
    void notified(@NotificationSubject String subject, @NotificationMessage Order order) {
        received.put(subject, order);
    }

    /** It has been unsubscribed: its token subscribes it again. */
    @NotificationUnsubscribeConfirmationMapping
    void unsubscribed(NotificationStatus status) {
        farewells.incrementAndGet();
        status.confirmSubscription();
    }
}
