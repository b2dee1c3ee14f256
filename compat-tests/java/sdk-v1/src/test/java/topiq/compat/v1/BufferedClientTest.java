package topiq.compat.v1;

import static org.assertj.core.api.Assertions.assertThat;
import static topiq.compat.Eventually.eventuallyTrue;

import com.amazonaws.services.sqs.buffered.AmazonSQSBufferedAsyncClient;
import com.amazonaws.services.sqs.buffered.QueueBufferConfig;
import com.amazonaws.services.sqs.model.DeleteMessageRequest;
import com.amazonaws.services.sqs.model.QueueAttributeName;
import com.amazonaws.services.sqs.model.ReceiveMessageRequest;
import com.amazonaws.services.sqs.model.SendMessageRequest;
import com.amazonaws.services.sqs.model.SendMessageResult;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import topiq.compat.Topiq;

/** The buffering client makes batches of single calls, and prefetches messages. */
class BufferedClientTest extends Story {

    private final AmazonSQSBufferedAsyncClient buffered = new AmazonSQSBufferedAsyncClient(
            Clients.sqsAsync(Topiq.ENDPOINT),
            new QueueBufferConfig()
                    .withMaxBatchOpenMs(100)
                    .withMaxInflightReceiveBatches(2)
                    .withLongPollWaitTimeoutSeconds(1)
                    .withFlushOnShutdown(true));

    @AfterEach
    void shutdown() {
        buffered.shutdown();
    }

    @Test
    void singleCallsAreBatchedAndEachIsAnswered() throws ExecutionException, InterruptedException {
        var url = createQueue();
        var sends = new ArrayList<Future<SendMessageResult>>();
        for (int n = 0; n < 95; n++) {
            sends.add(buffered.sendMessageAsync(new SendMessageRequest(url, "body " + n)));
        }
        var sent = new HashSet<String>();
        for (var send : sends) {
            sent.add(send.get().getMessageId());
        }
        assertThat(sent).hasSize(95);

        var received = new HashSet<String>();
        eventuallyTrue("all messages are received", () -> {
            for (var message : buffered.receiveMessage(new ReceiveMessageRequest(url)).getMessages()) {
                assertThat(received.add(message.getMessageId())).as("it comes once").isTrue();
                buffered.deleteMessageAsync(new DeleteMessageRequest(url, message.getReceiptHandle()));
            }
            return received.size() == 95;
        });
        assertThat(received).isEqualTo(sent);
        eventuallyTrue(
                "all messages are deleted",
                () -> attribute(url, QueueAttributeName.ApproximateNumberOfMessagesNotVisible).equals("0"));
    }
}
