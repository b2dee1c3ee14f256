package topiq.compat.v2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.SdkResponse;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeNameForSends;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeValue;
import software.amazon.awssdk.services.sqs.model.SendMessageResponse;
import topiq.compat.Topiq;

/** The attributes of a message. The SDK itself checks the digests in every response. */
class MessageAttributesTest extends Story {

    private static final String TRACE = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1";

    private static final Map<String, MessageAttributeValue> ALL_TYPES = Map.of(
            "text", attribute("é 😀 <&>"),
            "number", MessageAttributeValue.builder().dataType("Number").stringValue("-12.50e3").build(),
            "bytes", binary("Binary", 0, 127, 128, 255),
            "custom.text", MessageAttributeValue.builder().dataType("String.currency").stringValue("€").build(),
            "other-number", MessageAttributeValue.builder().dataType("Number.int").stringValue("7").build(),
            "custom_bytes", binary("Binary.gif", 71, 73, 70));

    @Test
    void everyTypeComesBackAsSent() {
        var url = createQueue();
        var sent = sqs.sendMessage(r -> r.queueUrl(url).messageBody("x").messageAttributes(ALL_TYPES));
        var message = receiveOne(url);
        assertThat(message.messageAttributes()).isEqualTo(ALL_TYPES);
        assertThat(sent.md5OfMessageAttributes()).isNotNull().isEqualTo(message.md5OfMessageAttributes());
        assertThat(message.md5OfBody()).isEqualTo("9dd4e461268c8034f5c8564e155c67a6");
    }

    @Test
    void onlyRequestedAttributesCome() {
        var url = createQueue();
        sqs.sendMessage(r -> r.queueUrl(url).messageBody("x").messageAttributes(ALL_TYPES));
        var some = sqs.receiveMessage(r -> r.queueUrl(url)
                        .messageAttributeNames("number", "custom.*", "missing")
                        .messageSystemAttributeNames(MessageSystemAttributeName.SENT_TIMESTAMP)
                        .visibilityTimeout(0)
                        .waitTimeSeconds(5))
                .messages()
                .get(0);
        assertThat(some.messageAttributes()).containsOnlyKeys("number", "custom.text", "custom_bytes");
        assertThat(some.attributes()).containsOnlyKeys(MessageSystemAttributeName.SENT_TIMESTAMP);
        var none = sqs.receiveMessage(r -> r.queueUrl(url).waitTimeSeconds(5)).messages().get(0);
        assertThat(none.messageAttributes()).isEmpty();
        assertThat(none.attributes()).isEmpty();
    }

    @Test
    void theTraceHeaderIsASystemAttribute() {
        var url = createQueue();
        var header = MessageSystemAttributeValue.builder().dataType("String").stringValue(TRACE).build();
        var sent = sqs.sendMessage(r -> r.queueUrl(url)
                .messageBody("x")
                .messageSystemAttributes(Map.of(MessageSystemAttributeNameForSends.AWS_TRACE_HEADER, header)));
        assertThat(sent.md5OfMessageSystemAttributes()).hasSize(32);
        var message = receiveOne(url);
        assertThat(system(message, MessageSystemAttributeName.AWS_TRACE_HEADER)).isEqualTo(TRACE);
        assertThat(message.messageAttributes()).isEmpty();
    }

    @Test
    void tenAttributesAreAllowed() {
        var url = createQueue();
        var ten = new HashMap<String, MessageAttributeValue>();
        for (int n = 0; n < 10; n++) {
            ten.put("attribute-" + n, attribute("value " + n));
        }
        sqs.sendMessage(r -> r.queueUrl(url).messageBody("x").messageAttributes(ten));
        assertThat(receiveOne(url).messageAttributes()).isEqualTo(ten);
    }

    /** Proves that the SDK does compare: the same answer with another digest is refused. */
    @Test
    void theSdkComparesTheDigests() {
        var url = createQueue();
        try (var deceived = Clients.called(SqsClient.builder(), Topiq.ENDPOINT, Topiq.ACCOUNT)
                .overrideConfiguration(settings -> settings.addExecutionInterceptor(new OtherDigest()))
                .build()) {
            assertThatThrownBy(() -> deceived.sendMessage(r -> r.queueUrl(url).messageBody("x")))
                    .isInstanceOf(SdkClientException.class)
                    .hasMessageContaining("MD5");
        }
    }

    private static final class OtherDigest implements ExecutionInterceptor {
        @Override
        public SdkResponse modifyResponse(Context.ModifyResponse context, ExecutionAttributes attributes) {
            return context.response() instanceof SendMessageResponse answer
                    ? answer.toBuilder().md5OfMessageBody("0".repeat(32)).build()
                    : context.response();
        }
    }

    private static MessageAttributeValue binary(String type, int... bytes) {
        var value = new byte[bytes.length];
        for (int n = 0; n < bytes.length; n++) {
            value[n] = (byte) bytes[n];
        }
        return MessageAttributeValue.builder()
                .dataType(type)
                .binaryValue(SdkBytes.fromByteArray(value))
                .build();
    }
}
