package topiq.compat.kinesis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.Record;
import software.amazon.awssdk.services.kinesis.model.ResourceInUseException;
import software.amazon.awssdk.services.kinesis.model.ResourceNotFoundException;
import software.amazon.awssdk.services.kinesis.model.ShardIteratorType;
import software.amazon.awssdk.services.kinesis.model.SubscribeToShardEvent;
import software.amazon.awssdk.services.kinesis.model.SubscribeToShardResponseHandler;
import topiq.compat.Names;
import topiq.compat.Topiq;

/** Enhanced fan-out as the Kinesis Client Library does it: events over HTTP/2, in CBOR. */
class SubscriptionTest {

    private static final String SHARD = "shardId-000000000000";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final KinesisAsyncClient kinesis = KinesisAsyncClient.builder()
            .endpointOverride(URI.create(Topiq.ENDPOINT))
            .region(Region.of(Topiq.REGION))
            .credentialsProvider(
                    StaticCredentialsProvider.create(AwsBasicCredentials.create(Topiq.ACCOUNT, Topiq.SECRET_KEY)))
            .build();
    private final String stream = Names.unique();
    private String consumer;

    @BeforeEach
    void createConsumer() {
        kinesis.createStream(r -> r.streamName(stream).shardCount(1)).join();
        var arn = kinesis.describeStreamSummary(r -> r.streamName(stream)).join().streamDescriptionSummary().streamARN();
        consumer = kinesis.registerStreamConsumer(r -> r.streamARN(arn).consumerName("shipping"))
                .join()
                .consumer()
                .consumerARN();
    }

    @AfterEach
    void deleteStream() {
        kinesis.deleteStream(r -> r.streamName(stream).enforceConsumerDeletion(true)).join();
        kinesis.close();
    }

    @Test
    void recordsArePushedAsTheyCome() throws Exception {
        var bytes = SdkBytes.fromByteArray(new byte[] {0, (byte) 0xff, 'a'});
        put(bytes);
        var events = new LinkedBlockingQueue<SubscribeToShardEvent>();
        var subscription = subscribe(events, ShardIteratorType.TRIM_HORIZON);
        var first = nextRecord(events);
        assertThat(first.data()).isEqualTo(bytes);
        assertThat(first.partitionKey()).isEqualTo("Zoë");
        assertThat(first.approximateArrivalTimestamp()).isAfter(Instant.now().minusSeconds(60));
        var put = put(SdkBytes.fromUtf8String("later"));
        var second = nextRecord(events);
        assertThat(second.data().asUtf8String()).isEqualTo("later");
        assertThat(second.sequenceNumber()).isEqualTo(put);
        subscription.cancel(true);
    }

    @Test
    void aClosedShardEndsWithItsChildren() throws Exception {
        var events = new LinkedBlockingQueue<SubscribeToShardEvent>();
        var subscription = subscribe(events, ShardIteratorType.LATEST);
        assertThat(next(events).continuationSequenceNumber()).isNotNull();
        kinesis.splitShard(r -> r.streamName(stream).shardToSplit(SHARD).newStartingHashKey("1000")).join();
        subscription.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        // What the Kinesis Client Library takes for the end of a shard.
        var end = List.copyOf(events).get(events.size() - 1);
        assertThat(end.continuationSequenceNumber()).isNull();
        assertThat(end.childShards()).hasSize(2).allSatisfy(child ->
                assertThat(child.parentShards()).containsExactly(SHARD));
    }

    @Test
    void errorsAreTypedExceptions() throws Exception {
        var events = new LinkedBlockingQueue<SubscribeToShardEvent>();
        var subscription = subscribe(events, ShardIteratorType.LATEST);
        next(events);
        assertThatThrownBy(() -> get(subscribe(new LinkedBlockingQueue<>(), ShardIteratorType.LATEST)))
                .hasCauseInstanceOf(ResourceInUseException.class);
        // Amid the events.
        kinesis.deregisterStreamConsumer(r -> r.consumerARN(consumer)).join();
        assertThatThrownBy(() -> get(subscription))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(ResourceNotFoundException.class)
                .hasMessageContaining("Consumer shipping");
    }

    private CompletableFuture<Void> subscribe(BlockingQueue<SubscribeToShardEvent> events, ShardIteratorType type) {
        var handler = SubscribeToShardResponseHandler.builder()
                .subscriber(event -> events.add((SubscribeToShardEvent) event))
                .build();
        return kinesis.subscribeToShard(
                r -> r.consumerARN(consumer).shardId(SHARD).startingPosition(p -> p.type(type)), handler);
    }

    private String put(SdkBytes data) {
        return kinesis.putRecord(r -> r.streamName(stream).partitionKey("Zoë").data(data)).join().sequenceNumber();
    }

    private static Record nextRecord(BlockingQueue<SubscribeToShardEvent> events) throws InterruptedException {
        while (true) {
            var event = next(events);
            if (!event.records().isEmpty()) {
                assertThat(event.records()).hasSize(1);
                return event.records().get(0);
            }
        }
    }

    private static SubscribeToShardEvent next(BlockingQueue<SubscribeToShardEvent> events) throws InterruptedException {
        var event = events.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThat(event).as("an event").isNotNull();
        return event;
    }

    private static void get(CompletableFuture<Void> subscription) throws Exception {
        subscription.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }
}
