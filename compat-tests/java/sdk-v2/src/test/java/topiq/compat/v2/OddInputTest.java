package topiq.compat.v2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.sqs.model.InvalidMessageContentsException;
import software.amazon.awssdk.services.sqs.model.SqsException;

/** Bodies that break careless codecs. */
class OddInputTest extends Story {

    @ParameterizedTest
    @MethodSource("topiq.compat.OddTexts#kept")
    void bodyAndAttributeComeBackAsSent(String text) {
        var url = createQueue();
        var attributes = Map.of("same", attribute(text));
        sqs.sendMessage(r -> r.queueUrl(url).messageBody(text).messageAttributes(attributes));
        var message = receiveOne(url);
        assertThat(message.body()).isEqualTo(text);
        assertThat(message.messageAttributes()).isEqualTo(attributes);
    }

    @ParameterizedTest
    @MethodSource("topiq.compat.OddTexts#kept")
    void publishedTextComesAsItWas(String text) {
        var topic = createTopic();
        var raw = createSubscriber(topic, Map.of("RawMessageDelivery", "true"));
        var enveloped = createSubscriber(topic, Map.of());
        sns.publish(r -> r.topicArn(topic).message(text));
        assertThat(receiveOne(raw).body()).isEqualTo(text);
        assertThat(texts(receiveCount(enveloped, 1))).containsExactly(text);
    }

    @ParameterizedTest
    @MethodSource("topiq.compat.OddTexts#refused")
    void controlCharactersAreRefused(String character) {
        var url = createQueue();
        assertThatThrownBy(() -> sqs.sendMessage(r -> r.queueUrl(url).messageBody("a" + character + "b")))
                .isInstanceOf(InvalidMessageContentsException.class);
        assertThat(receive(url, 0)).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("topiq.compat.OddTexts#largest")
    void aBodyOf1MibPasses(String text) {
        var url = createQueue();
        sqs.sendMessage(r -> r.queueUrl(url).messageBody(text));
        assertThat(receiveOne(url).body().equals(text)).isTrue();
    }

    @Test
    void oneByteMoreIsRefused() {
        var url = createQueue();
        assertThatThrownBy(() -> sqs.sendMessage(r -> r.queueUrl(url).messageBody("x".repeat(1_048_577))))
                .isInstanceOfSatisfying(SqsException.class, refused -> {
                    assertThat(refused.awsErrorDetails().errorCode()).isEqualTo("InvalidParameterValue");
                    assertThat(refused.awsErrorDetails().errorMessage())
                            .isEqualTo("One or more parameters are invalid. "
                                    + "Reason: Message must be shorter than 1048576 bytes.");
                });
    }
}
