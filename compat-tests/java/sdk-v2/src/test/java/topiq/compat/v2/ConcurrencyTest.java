package topiq.compat.v2;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;
import topiq.compat.Exchange;

class ConcurrencyTest extends Story {

    @Test
    void tenThousandMessagesAreExchangedAndNoneIsLost() {
        var url = createQueue(Map.of(QueueAttributeName.VISIBILITY_TIMEOUT, "600"));
        new Exchange().run(texts -> send(url, texts), () -> receiveAndDelete(url));
        assertThat(attribute(url, QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES)).isEqualTo("0");
        assertThat(attribute(url, QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE))
                .isEqualTo("0");
    }

    private static void send(String url, List<String> texts) {
        var answer = sqs.sendMessageBatch(r -> r.queueUrl(url)
                .entries(texts.stream()
                        .map(text -> SendMessageBatchRequestEntry.builder()
                                .id(text)
                                .messageBody(text)
                                .build())
                        .toList()));
        assertThat(answer.successful()).hasSameSizeAs(texts);
    }

    private static List<String> receiveAndDelete(String url) {
        var messages = receive(url, 1);
        if (!messages.isEmpty()) {
            var answer = sqs.deleteMessageBatch(r -> r.queueUrl(url)
                    .entries(messages.stream()
                            .map(message -> DeleteMessageBatchRequestEntry.builder()
                                    .id(message.messageId())
                                    .receiptHandle(message.receiptHandle())
                                    .build())
                            .toList()));
            assertThat(answer.failed()).isEmpty();
        }
        return bodies(messages);
    }
}
