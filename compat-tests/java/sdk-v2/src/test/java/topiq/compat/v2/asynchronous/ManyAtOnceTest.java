package topiq.compat.v2.asynchronous;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sqs.model.ReceiveMessageResponse;
import software.amazon.awssdk.services.sqs.model.SendMessageResponse;
import topiq.compat.Topiq;
import topiq.compat.v2.Clients;
import topiq.compat.v2.Story;

/** Many calls in flight without a thread each. */
class ManyAtOnceTest extends Story {

    @Test
    void aHundredLongPollsAreAnsweredByAHundredSends() {
        var url = createQueue();
        try (var client = Clients.sqsAsync(Topiq.ENDPOINT)) {
            var polls = IntStream.range(0, 100)
                    .mapToObj(n -> client.receiveMessage(
                            r -> r.queueUrl(url).waitTimeSeconds(20).maxNumberOfMessages(1)))
                    .toList();
            var sends = IntStream.range(0, 100)
                    .mapToObj(n -> client.sendMessage(r -> r.queueUrl(url).messageBody("" + n)))
                    .toList();
            var sent = sends.stream()
                    .map(CompletableFuture::join)
                    .map(SendMessageResponse::messageId)
                    .toList();
            var received = polls.stream()
                    .map(CompletableFuture::join)
                    .map(ReceiveMessageResponse::messages)
                    .peek(messages -> assertThat(messages).hasSize(1))
                    .map(messages -> messages.get(0).messageId())
                    .toList();
            assertThat(received).containsExactlyInAnyOrderElementsOf(sent);
        }
    }

    /** Cancelling closes the connection: later messages must not be handed to it. */
    @Test
    void aCancelledLongPollTakesNoMessage() {
        var url = createQueue();
        try (var client = Clients.sqsAsync(Topiq.ENDPOINT)) {
            var poll = client.receiveMessage(r -> r.queueUrl(url).waitTimeSeconds(20));
            assertThat(receive(url, 1)).isEmpty(); // by now it waits
            poll.cancel(true);
            assertThat(receive(url, 1)).isEmpty(); // by now it is gone
            sqs.sendMessage(r -> r.queueUrl(url).messageBody("for somebody else"));
            assertThat(receiveOne(url).body()).isEqualTo("for somebody else");
        }
    }
}
