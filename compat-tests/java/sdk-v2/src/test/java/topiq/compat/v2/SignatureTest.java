package topiq.compat.v2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.messagemanager.sns.SnsMessageManager;
import software.amazon.awssdk.messagemanager.sns.model.SnsNotification;
import software.amazon.awssdk.regions.Region;
import topiq.compat.Names;
import topiq.compat.Topiq;

/**
 * Notifications are verified by the SDK's own message manager.
 *
 * <p>It accepts certificates from AWS's host alone, over https. So the (unsigned) link to the certificate is changed to
 * that host, and an HTTP client fetches the certificate from topiq.
 */
class SignatureTest extends Story {

    private static final String AWS = "https://sns." + Topiq.REGION + ".amazonaws.com";

    @ParameterizedTest
    @ValueSource(strings = {"1", "2"})
    void aNotificationIsVerified(String version) {
        var topic = createTopic(sns, Names.unique(), Map.of("SignatureVersion", version));
        var url = createSubscriber(topic, Map.of());
        var published = sns.publish(r -> r.topicArn(topic).subject("Subject é").message("Message 😀\n<&>"));
        var notification = notificationOf(url);
        assertThat(notification.get("SignatureVersion").asText()).isEqualTo(version);

        try (var manager = manager()) {
            var verified = (SnsNotification) manager.parseMessage(notification.toString());
            assertThat(verified.messageId()).isEqualTo(published.messageId());
            assertThat(verified.topicArn()).isEqualTo(topic);
            assertThat(verified.subject()).isEqualTo("Subject é");
            assertThat(verified.message()).isEqualTo("Message 😀\n<&>");
            assertThat(verified.unsubscribeUrl().toString()).startsWith(Topiq.ENDPOINT);
        }
    }

    @Test
    void aChangedNotificationIsRefused() {
        var topic = createTopic();
        var url = createSubscriber(topic, Map.of());
        sns.publish(r -> r.topicArn(topic).message("genuine"));
        var notification = notificationOf(url);
        try (var manager = manager()) {
            assertThat(manager.parseMessage(notification.toString()).message()).isEqualTo("genuine");
            notification.put("Message", "forged");
            assertThatThrownBy(() -> manager.parseMessage(notification.toString()))
                    .isInstanceOf(SdkClientException.class)
                    .hasMessageContaining("signature");
        }
    }

    private static ObjectNode notificationOf(String url) {
        var notification = (ObjectNode) envelope(receiveOne(url));
        var link = notification.get("SigningCertURL").asText();
        assertThat(link).startsWith(Topiq.ENDPOINT);
        notification.put("SigningCertURL", link.replace(Topiq.ENDPOINT, AWS));
        return notification;
    }

    private static SnsMessageManager manager() {
        return SnsMessageManager.builder()
                .region(Region.of(Topiq.REGION))
                .httpClient(new FromTopiq())
                .build();
    }

    /** Sends requests for AWS to topiq. */
    private static final class FromTopiq implements SdkHttpClient {

        private final SdkHttpClient http = Apache5HttpClient.create();

        @Override
        public ExecutableHttpRequest prepareRequest(HttpExecuteRequest asked) {
            var topiq = URI.create(Topiq.ENDPOINT);
            var there = asked.httpRequest().toBuilder()
                    .protocol(topiq.getScheme())
                    .host(topiq.getHost())
                    .port(topiq.getPort())
                    .build();
            return http.prepareRequest(HttpExecuteRequest.builder().request(there).build());
        }

        @Override
        public void close() {
            http.close();
        }
    }
}
