package topiq.compat.v1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.amazonaws.AmazonClientException;
import com.amazonaws.handlers.RequestHandler2;
import com.amazonaws.services.sqs.AmazonSQSClientBuilder;
import com.amazonaws.Request;
import com.amazonaws.Response;
import com.amazonaws.auth.AWSStaticCredentialsProvider;
import com.amazonaws.auth.BasicAWSCredentials;
import com.amazonaws.client.builder.AwsClientBuilder.EndpointConfiguration;
import com.amazonaws.services.sqs.model.MessageAttributeValue;
import com.amazonaws.services.sqs.model.MessageSystemAttributeValue;
import com.amazonaws.services.sqs.model.SendMessageRequest;
import com.amazonaws.services.sqs.model.SendMessageResult;
import java.nio.ByteBuffer;
import java.util.Map;
import org.junit.jupiter.api.Test;
import topiq.compat.Topiq;

/** The attributes of a message. The SDK itself checks the digests in every response. */
class MessageAttributesTest extends Story {

    private static final String TRACE = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1";

    @Test
    void everyTypeComesBackAsSent() {
        var url = createQueue();
        var attributes = Map.of(
                "text", attribute("é 😀 <&>"),
                "number", new MessageAttributeValue().withDataType("Number").withStringValue("-12.50e3"),
                "bytes", binary("Binary", 0, 127, -128, -1),
                "custom.text", new MessageAttributeValue().withDataType("String.currency").withStringValue("€"),
                "custom-number", new MessageAttributeValue().withDataType("Number.int").withStringValue("7"),
                "custom_bytes", binary("Binary.gif", 71, 73, 70));
        var sent = sqs.sendMessage(new SendMessageRequest(url, "x").withMessageAttributes(attributes));
        var message = receiveOne(url);
        assertThat(message.getMessageAttributes()).isEqualTo(attributes);
        assertThat(sent.getMD5OfMessageAttributes()).hasSize(32).isEqualTo(message.getMD5OfMessageAttributes());
    }

    @Test
    void theTraceHeaderIsASystemAttribute() {
        var url = createQueue();
        var header = new MessageSystemAttributeValue().withDataType("String").withStringValue(TRACE);
        var sent = sqs.sendMessage(
                new SendMessageRequest(url, "x").withMessageSystemAttributes(Map.of("AWSTraceHeader", header)));
        assertThat(sent.getMD5OfMessageSystemAttributes()).hasSize(32);
        assertThat(receiveOne(url).getAttributes()).containsEntry("AWSTraceHeader", TRACE);
    }

    /** Proves that the SDK does compare: the same answer to another body is refused. */
    @Test
    void theSdkComparesTheDigests() {
        var url = createQueue();
        var deceived = AmazonSQSClientBuilder.standard()
                .withEndpointConfiguration(new EndpointConfiguration(Topiq.ENDPOINT, Topiq.REGION))
                .withCredentials(new AWSStaticCredentialsProvider(
                        new BasicAWSCredentials(Topiq.ACCOUNT, Topiq.SECRET_KEY)))
                .withRequestHandlers(new OtherDigest())
                .build();
        assertThatThrownBy(() -> deceived.sendMessage(url, "x"))
                .isInstanceOf(AmazonClientException.class)
                .hasMessageContaining("MD5");
        deceived.shutdown();
    }

    private static final class OtherDigest extends RequestHandler2 {
        @Override
        public void afterResponse(Request<?> request, Response<?> response) {
            if (response.getAwsResponse() instanceof SendMessageResult answer) {
                answer.setMD5OfMessageBody("0".repeat(32));
            }
        }
    }

    private static MessageAttributeValue binary(String type, int... bytes) {
        var value = new byte[bytes.length];
        for (int n = 0; n < bytes.length; n++) {
            value[n] = (byte) bytes[n];
        }
        return new MessageAttributeValue().withDataType(type).withBinaryValue(ByteBuffer.wrap(value));
    }
}
