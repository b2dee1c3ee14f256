package topiq.compat.kinesis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.kinesis.KinesisClient;
import software.amazon.awssdk.services.kinesis.model.InvalidArgumentException;
import software.amazon.awssdk.services.kinesis.model.KinesisException;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequestEntry;
import software.amazon.awssdk.services.kinesis.model.Record;
import software.amazon.awssdk.services.kinesis.model.ResourceNotFoundException;
import software.amazon.awssdk.services.kinesis.model.ShardIteratorType;
import software.amazon.awssdk.services.kinesis.model.StreamStatus;
import topiq.compat.Names;
import topiq.compat.Topiq;

/** Records through a stream, in the CBOR that this SDK speaks to Kinesis unless it is told not to. */
class KinesisTest {

    private static final String SHARD = "shardId-000000000000";

    private final KinesisClient kinesis = KinesisClient.builder()
            .endpointOverride(URI.create(Topiq.ENDPOINT))
            .region(Region.of(Topiq.REGION))
            .credentialsProvider(
                    StaticCredentialsProvider.create(AwsBasicCredentials.create(Topiq.ACCOUNT, Topiq.SECRET_KEY)))
            .build();
    private final String stream = Names.unique();

    @BeforeEach
    void createStream() {
        kinesis.createStream(r -> r.streamName(stream).shardCount(1).tags(Map.of("team", "shop")));
    }

    @AfterEach
    void deleteStream() {
        kinesis.deleteStream(r -> r.streamName(stream));
    }

    @Test
    void bytesAndMomentsComeBackAsTheyWere() {
        var before = Instant.now().minusSeconds(60);
        var bytes = SdkBytes.fromByteArray(new byte[] {0, (byte) 0xff, 'a'});
        var put = kinesis.putRecord(r -> r.streamName(stream).partitionKey("Zoë").data(bytes));
        assertThat(put.shardId()).isEqualTo(SHARD);

        var records = read(ShardIteratorType.TRIM_HORIZON, null);
        assertThat(records).hasSize(1);
        assertThat(records.get(0).data()).isEqualTo(bytes);
        assertThat(records.get(0).partitionKey()).isEqualTo("Zoë");
        assertThat(records.get(0).sequenceNumber()).isEqualTo(put.sequenceNumber());
        assertThat(records.get(0).approximateArrivalTimestamp()).isBetween(before, Instant.now().plusSeconds(60));
        // A moment in the request, too.
        assertThat(read(ShardIteratorType.AT_TIMESTAMP, before)).hasSize(1);
    }

    @Test
    void recordsStayInOrder() {
        var entries = IntStream.range(0, 20).mapToObj(number -> PutRecordsRequestEntry.builder()
                .partitionKey("a")
                .data(SdkBytes.fromUtf8String("" + number))
                .build());
        var put = kinesis.putRecords(r -> r.streamName(stream).records(entries.toList()));
        assertThat(put.failedRecordCount()).isZero();

        var texts = read(ShardIteratorType.TRIM_HORIZON, null).stream().map(record -> record.data().asUtf8String());
        assertThat(texts).containsExactlyElementsOf(IntStream.range(0, 20).mapToObj(number -> "" + number).toList());
    }

    @Test
    void aStreamIsDescribed() {
        var description = kinesis.describeStream(r -> r.streamName(stream)).streamDescription();
        assertThat(description.streamStatus()).isEqualTo(StreamStatus.ACTIVE);
        assertThat(description.shards()).hasSize(1);
        assertThat(description.streamCreationTimestamp()).isAfter(Instant.now().minusSeconds(60));
        assertThat(kinesis.listTagsForStream(r -> r.streamName(stream)).tags()).hasSize(1);
        kinesis.splitShard(r -> r.streamName(stream).shardToSplit(SHARD).newStartingHashKey("1000"));
        assertThat(kinesis.listShards(r -> r.streamName(stream)).shards()).hasSize(3);
    }

    @Test
    void refusalsAreTypedExceptions() {
        assertThatThrownBy(() -> kinesis.describeStream(r -> r.streamName(Names.unique())))
                .isInstanceOf(ResourceNotFoundException.class)
                .hasMessageContaining("not found.");
        assertThatThrownBy(() -> kinesis.getRecords(r -> r.shardIterator("none")))
                .isInstanceOf(InvalidArgumentException.class)
                .hasMessageContaining("Invalid ShardIterator.");
        assertThatThrownBy(() -> kinesis.createStream(r -> r.streamName(Names.unique()).shardCount(0)))
                .isInstanceOf(KinesisException.class)
                .hasMessageContaining("Member must have value greater than or equal to 1");
    }

    private List<Record> read(ShardIteratorType type, Instant moment) {
        var iterator = kinesis.getShardIterator(r -> r.streamName(stream)
                        .shardId(SHARD)
                        .shardIteratorType(type)
                        .timestamp(moment))
                .shardIterator();
        var records = new ArrayList<Record>();
        while (true) {
            var position = iterator;
            var answer = kinesis.getRecords(r -> r.shardIterator(position).limit(7));
            if (answer.records().isEmpty()) {
                return records;
            }
            records.addAll(answer.records());
            iterator = answer.nextShardIterator();
        }
    }
}
