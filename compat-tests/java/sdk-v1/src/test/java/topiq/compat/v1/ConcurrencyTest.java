package topiq.compat.v1;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.sqs.model.DeleteMessageBatchRequestEntry;
import com.amazonaws.services.sqs.model.QueueAttributeName;
import com.amazonaws.services.sqs.model.SendMessageBatchRequestEntry;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import topiq.compat.Exchange;

class ConcurrencyTest extends Story {

    @Test
    void tenThousandMessagesAreExchangedAndNoneIsLost() {
        var url = createQueue(Map.of("VisibilityTimeout", "600"));
        new Exchange().run(texts -> send(url, texts), () -> receiveAndDelete(url));
        assertThat(attribute(url, QueueAttributeName.ApproximateNumberOfMessages)).isEqualTo("0");
        assertThat(attribute(url, QueueAttributeName.ApproximateNumberOfMessagesNotVisible)).isEqualTo("0");
    }

    private static void send(String url, List<String> texts) {
        var answer = sqs.sendMessageBatch(
                url,
                texts.stream().map(text -> new SendMessageBatchRequestEntry(text, text)).toList());
        assertThat(answer.getSuccessful()).hasSameSizeAs(texts);
    }

    private static List<String> receiveAndDelete(String url) {
        var messages = receive(url, 1);
        if (!messages.isEmpty()) {
            var answer = sqs.deleteMessageBatch(
                    url,
                    messages.stream()
                            .map(message -> new DeleteMessageBatchRequestEntry(
                                    message.getMessageId(), message.getReceiptHandle()))
                            .toList());
            assertThat(answer.getFailed()).isEmpty();
        }
        return bodies(messages);
    }
}
