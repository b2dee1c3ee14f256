package topiq.compat.v2.asynchronous;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static topiq.compat.Eventually.eventuallyTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;
import software.amazon.awssdk.services.sqs.batchmanager.SqsAsyncBatchManager;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.SqsException;
import topiq.compat.Topiq;
import topiq.compat.v2.Clients;
import topiq.compat.v2.Story;

/** The SDK's batch manager makes batches of single calls, and prefetches messages. */
class BatchManagerTest extends Story {

    private final SqsAsyncClient client = Clients.sqsAsync(Topiq.ENDPOINT);
    private final SqsAsyncBatchManager batches = SqsAsyncBatchManager.builder()
            .client(client)
            .scheduledExecutor(Executors.newScheduledThreadPool(4))
            .overrideConfiguration(settings -> settings.maxBatchSize(10)
                    .sendRequestFrequency(Duration.ofMillis(100))
                    .receiveMessageMinWaitDuration(Duration.ofSeconds(1)))
            .build();

    @AfterEach
    void close() {
        batches.close();
        client.close();
    }

    @Test
    void singleCallsAreBatchedAndEachIsAnswered() {
        var url = createQueue();
        var sends = IntStream.range(0, 95)
                .mapToObj(n -> batches.sendMessage(r -> r.queueUrl(url).messageBody("body " + n)))
                .toList();
        var sent = sends.stream().map(send -> send.join().messageId()).collect(Collectors.toSet());
        assertThat(sent).hasSize(95);
        assertThat(sends).allSatisfy(send -> assertThat(send.join().md5OfMessageBody()).hasSize(32));

        Set<String> received = ConcurrentHashMap.newKeySet();
        var deletions = new ArrayList<CompletableFuture<?>>();
        eventuallyTrue("all messages are received", () -> {
            for (Message message : batches.receiveMessage(r -> r.queueUrl(url)).join().messages()) {
                assertThat(received.add(message.messageId())).as("it comes once").isTrue();
                deletions.add(
                        batches.deleteMessage(r -> r.queueUrl(url).receiptHandle(message.receiptHandle())));
            }
            return received.size() == 95;
        });
        assertThat(received).isEqualTo(sent);
        deletions.forEach(CompletableFuture::join);
        assertThat(attribute(url, QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE))
                .isEqualTo("0");
    }

    @Test
    void aVisibilityIsChangedInABatch() {
        var url = createQueue();
        sqs.sendMessage(r -> r.queueUrl(url).messageBody("again"));
        var message = receiveOne(url);
        batches.changeMessageVisibility(r ->
                        r.queueUrl(url).receiptHandle(message.receiptHandle()).visibilityTimeout(0))
                .join();
        assertThat(receiveOne(url).messageId()).isEqualTo(message.messageId());
    }

    /** A refused entry of the batch fails its own call alone. */
    @Test
    void aBadCallFailsAlone() {
        var url = createQueue();
        var good = batches.sendMessage(r -> r.queueUrl(url).messageBody("good"));
        var bad = batches.sendMessage(r -> r.queueUrl(url).messageBody("\u0000"));
        var fine = batches.sendMessage(r -> r.queueUrl(url).messageBody("fine"));
        assertThat(catchThrowable(bad::join))
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOfSatisfying(SqsException.class, refused -> assertThat(
                                refused.awsErrorDetails().errorCode())
                        .isEqualTo("InvalidMessageContents"));
        good.join();
        fine.join();
        assertThat(bodies(receiveCount(url, 2))).containsExactlyInAnyOrder("good", "fine");
    }
}
