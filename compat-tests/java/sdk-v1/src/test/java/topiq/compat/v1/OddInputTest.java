package topiq.compat.v1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.amazonaws.services.sqs.model.InvalidMessageContentsException;
import com.amazonaws.services.sqs.model.SendMessageRequest;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Bodies that break careless codecs: through forms and XML, where the SDK speaks Query. */
class OddInputTest extends Story {

    @ParameterizedTest
    @MethodSource("topiq.compat.OddTexts#kept")
    void bodyAndAttributeComeBackAsSent(String text) {
        var url = createQueue();
        var attributes = Map.of("same", attribute(text));
        sqs.sendMessage(new SendMessageRequest(url, text).withMessageAttributes(attributes));
        var message = receiveOne(url);
        assertThat(message.getBody()).isEqualTo(text);
        assertThat(message.getMessageAttributes()).isEqualTo(attributes);
    }

    @ParameterizedTest
    @MethodSource("topiq.compat.OddTexts#kept")
    void publishedTextComesAsItWas(String text) {
        var topic = createTopic();
        var url = createSubscriber(topic, Map.of("RawMessageDelivery", "true"));
        sns.publish(topic, text);
        assertThat(receiveOne(url).getBody()).isEqualTo(text);
    }

    @ParameterizedTest
    @MethodSource("topiq.compat.OddTexts#refused")
    void controlCharactersAreRefused(String character) {
        var url = createQueue();
        assertThatThrownBy(() -> sqs.sendMessage(url, "a" + character + "b"))
                .isInstanceOf(InvalidMessageContentsException.class);
    }

    @ParameterizedTest
    @MethodSource("topiq.compat.OddTexts#largest")
    void aBodyOf1MibPasses(String text) {
        var url = createQueue();
        sqs.sendMessage(url, text);
        assertThat(receiveOne(url).getBody().equals(text)).isTrue();
    }
}
