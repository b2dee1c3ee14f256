package topiq.compat.v2;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.cloudwatchlogs.model.FilteredLogEvent;
import software.amazon.awssdk.services.cloudwatchlogs.model.InputLogEvent;
import software.amazon.awssdk.services.cloudwatchlogs.model.InvalidParameterException;
import software.amazon.awssdk.services.cloudwatchlogs.model.OutputLogEvent;
import software.amazon.awssdk.services.cloudwatchlogs.model.ResourceAlreadyExistsException;
import software.amazon.awssdk.services.cloudwatchlogs.model.ResourceNotFoundException;
import topiq.compat.Names;

/** CloudWatch Logs: events go into streams, and are read and found again. */
class LogsTest extends Story {

    private static final CloudWatchLogsClient logs = Clients.logs();

    private final String group = Names.unique();

    @BeforeEach
    void createGroup() {
        logs.createLogGroup(r -> r.logGroupName(group).tags(Map.of("team", "orders")));
        afterwards(() -> logs.deleteLogGroup(r -> r.logGroupName(group)));
    }

    @Test
    void eventsOfAllStreamsAreFoundByPages() {
        for (var stream : List.of("a", "b")) {
            put(stream, IntStream.range(0, 5).mapToObj(n -> "{\"total\":" + n * 50 + "}"));
        }
        var pages = logs.filterLogEventsPaginator(
                r -> r.logGroupName(group).filterPattern("{ $.total > 100 }").limit(3));
        assertThat(pages.events().stream().map(FilteredLogEvent::message))
                .containsExactlyInAnyOrder(
                        "{\"total\":150}", "{\"total\":150}", "{\"total\":200}", "{\"total\":200}");
    }

    @Test
    void aStreamIsReadToItsEnd() {
        var texts = IntStream.range(0, 25).mapToObj(n -> "message é " + n).toList();
        put("s", texts.stream());
        var page = logs.getLogEvents(r -> r.logGroupName(group).logStreamName("s").startFromHead(true));
        assertThat(page.events()).extracting(OutputLogEvent::message).containsExactlyElementsOf(texts);
        var end = logs.getLogEvents(
                r -> r.logGroupName(group).logStreamName("s").nextToken(page.nextForwardToken()));
        assertThat(end.events()).isEmpty();
        assertThat(end.nextForwardToken()).isEqualTo(page.nextForwardToken());
    }

    @Test
    void aGroupIsDescribed() {
        logs.putRetentionPolicy(r -> r.logGroupName(group).retentionInDays(7));
        var groups = logs.describeLogGroupsPaginator(r -> r.logGroupNamePrefix(group)).logGroups().stream().toList();
        assertThat(groups).hasSize(1);
        assertThat(groups.get(0).retentionInDays()).isEqualTo(7);
        assertThat(groups.get(0).arn()).isEqualTo(groups.get(0).logGroupArn() + ":*");
        assertThat(logs.listTagsForResource(r -> r.resourceArn(groups.get(0).logGroupArn())).tags())
                .isEqualTo(Map.of("team", "orders"));
    }

    @Test
    void refusalsAreTyped() {
        new Refusal(
                        ResourceAlreadyExistsException.class,
                        "ResourceAlreadyExistsException",
                        400,
                        "The specified log group already exists")
                .provokedBy(() -> logs.createLogGroup(r -> r.logGroupName(group)));
        new Refusal(
                        ResourceNotFoundException.class,
                        "ResourceNotFoundException",
                        400,
                        "The specified log stream does not exist.")
                .provokedBy(() -> logs.getLogEvents(r -> r.logGroupName(group).logStreamName("absent")));
        Refusal.of(InvalidParameterException.class, "InvalidParameterException", 400)
                .provokedBy(() -> logs.filterLogEvents(r -> r.logGroupName(group).filterPattern("a@b.c")));
    }

    /** Puts messages into a new stream, a millisecond apart. */
    private void put(String stream, Stream<String> messages) {
        logs.createLogStream(r -> r.logGroupName(group).logStreamName(stream));
        var texts = messages.toList();
        var start = System.currentTimeMillis() - 1000;
        var events = IntStream.range(0, texts.size())
                .mapToObj(n -> InputLogEvent.builder().timestamp(start + n).message(texts.get(n)).build())
                .toList();
        logs.putLogEvents(r -> r.logGroupName(group).logStreamName(stream).logEvents(events));
    }
}
