package topiq.compat.v2;

import static org.assertj.core.api.Assertions.assertThat;
import static topiq.compat.Eventually.eventuallyTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.eventbridge.model.EventBridgeException;
import software.amazon.awssdk.services.eventbridge.model.IllegalStatusException;
import software.amazon.awssdk.services.eventbridge.model.InvalidEventPatternException;
import software.amazon.awssdk.services.eventbridge.model.LimitExceededException;
import software.amazon.awssdk.services.eventbridge.model.PutEventsRequestEntry;
import software.amazon.awssdk.services.eventbridge.model.PutEventsResultEntry;
import software.amazon.awssdk.services.eventbridge.model.ReplayState;
import software.amazon.awssdk.services.eventbridge.model.ResourceAlreadyExistsException;
import software.amazon.awssdk.services.eventbridge.model.ResourceNotFoundException;
import software.amazon.awssdk.services.eventbridge.model.Target;
import topiq.compat.Json;
import topiq.compat.Names;

/** Events go from a bus by its rules to queues, at once or from an archive. */
class EventBridgeTest extends Story {

    private static final EventBridgeClient events = Clients.events();

    private final String bus = Names.unique();

    @Test
    void aQueueGetsWhatTheTransformerMakesOfEventsThatMatch() {
        createBus();
        var url = createQueue();
        var arn = events.putRule(r -> r.name("orders")
                        .eventBusName(bus)
                        .eventPattern("{\"detail\":{\"total\":[{\"numeric\":[\">\",100]}]}}"))
                .ruleArn();
        putTarget("orders", t -> t.arn(arnOf(url)).inputTransformer(i -> i.inputPathsMap(Map.of("id", "$.detail.id"))
                .inputTemplate("{\"order\":<id>,\"by\":\"<aws.events.rule-name>\",\"rule\":<aws.events.rule-arn>}")));

        var answer = putEvents("{\"id\":\"A-1\",\"total\":99}", "no JSON", "{\"id\":\"A-2\",\"total\":100.5}");
        assertThat(answer.get(0).eventId()).matches("[0-9a-f-]{36}");
        assertThat(answer.get(1)).isEqualTo(PutEventsResultEntry.builder()
                .errorCode("MalformedDetail")
                .errorMessage("Detail is malformed.")
                .build());
        assertThat(answer.get(2).eventId()).matches("[0-9a-f-]{36}");
        assertThat(Json.read(receiveOne(url).body()))
                .isEqualTo(Json.read(Json.write(Map.of("order", "A-2", "by", "orders", "rule", arn))));
        assertThat(receive(url, 0)).isEmpty();
    }

    @Test
    void anArchiveIsReplayed() {
        var busArn = createBus();
        var url = createQueue();
        var archive = Names.unique();
        var archiveArn = events.createArchive(r -> r.archiveName(archive).eventSourceArn(busArn).retentionDays(1))
                .archiveArn();
        afterwards(() -> events.deleteArchive(r -> r.archiveName(archive)));
        var put = putEvents("{\"id\":\"A-1\"}");
        events.putRule(
                r -> r.name("again").eventBusName(bus).eventPattern("{\"replay-name\":[{\"exists\":true}]}"));
        putTarget("again", t -> t.arn(arnOf(url)));

        var replay = Names.unique();
        var now = Instant.now();
        events.startReplay(r -> r.replayName(replay)
                .eventSourceArn(archiveArn)
                .eventStartTime(now.minus(Duration.ofMinutes(5)))
                .eventEndTime(now.plus(Duration.ofMinutes(5)))
                .destination(d -> d.arn(busArn)));
        var event = Json.read(receiveOne(url).body());
        assertThat(event.get("replay-name").asText()).isEqualTo(replay);
        assertThat(event.get("id").asText()).isEqualTo(put.get(0).eventId());
        eventuallyTrue(
                "the replay ends",
                () -> events.describeReplay(r -> r.replayName(replay)).state() == ReplayState.COMPLETED);
        Refusal.of(IllegalStatusException.class, "IllegalStatusException", 400)
                .provokedBy(() -> events.cancelReplay(r -> r.replayName(replay)));
    }

    @Test
    void rulesAndTargetsAreListed() {
        createBus();
        var url = createQueue();
        for (var name : List.of("r-1", "r-2", "r-3")) {
            events.putRule(r -> r.name(name).eventBusName(bus).eventPattern("{\"source\":[\"s\"]}"));
            putTarget(name, t -> t.arn(arnOf(url)).input("{\"constant\":true}"));
        }
        var first = events.listRules(r -> r.eventBusName(bus).limit(2));
        assertThat(first.rules()).extracting(rule -> rule.name()).containsExactly("r-1", "r-2");
        var second = events.listRules(r -> r.eventBusName(bus).limit(2).nextToken(first.nextToken()));
        assertThat(second.rules()).extracting(rule -> rule.name()).containsExactly("r-3");
        assertThat(second.nextToken()).isNull();
        assertThat(events.listRuleNamesByTarget(r -> r.eventBusName(bus).targetArn(arnOf(url))).ruleNames())
                .containsExactly("r-1", "r-2", "r-3");
        var target = events.listTargetsByRule(r -> r.eventBusName(bus).rule("r-1")).targets().get(0);
        assertThat(target).isEqualTo(Target.builder()
                .id("queue")
                .arn(arnOf(url))
                .input("{\"constant\":true}")
                .build());
    }

    /** A call with a bus, and the expected refusal. */
    record Case(Refusal refusal, Consumer<String> call) {
        @Override
        public String toString() {
            return refusal.exception().getSimpleName();
        }
    }

    static Stream<Case> cases() {
        var targets = IntStream.range(0, 6)
                .mapToObj(n -> Target.builder().id("" + n).arn("arn:aws:sqs:us-east-1:123456789012:q").build())
                .toList();
        return Stream.of(
                new Case(
                        new Refusal(
                                ResourceNotFoundException.class,
                                "ResourceNotFoundException",
                                400,
                                "Rule absent does not exist on EventBus default."),
                        bus -> events.describeRule(r -> r.name("absent"))),
                new Case(
                        Refusal.of(ResourceAlreadyExistsException.class, "ResourceAlreadyExistsException", 400),
                        bus -> events.createEventBus(r -> r.name(bus))),
                new Case(
                        new Refusal(
                                InvalidEventPatternException.class,
                                "InvalidEventPatternException",
                                400,
                                "Event pattern is not valid. Reason: Filter is not an object\n"
                                        + " at [Source: (String)\"[]\"; line: 1, column: 2]"),
                        bus -> events.putRule(r -> r.name("r").eventBusName(bus).eventPattern("[]"))),
                new Case(Refusal.of(LimitExceededException.class, "LimitExceededException", 400), bus -> {
                    events.putRule(r -> r.name("r").eventBusName(bus).eventPattern("{\"source\":[\"s\"]}"));
                    events.putTargets(r -> r.rule("r").eventBusName(bus).targets(targets));
                }),
                new Case(
                        Refusal.of(EventBridgeException.class, "ValidationException", 400),
                        bus -> events.putRule(r -> r.name("r").eventBusName(bus).scheduleExpression("rate(1 minute"))));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void eachErrorIsThrownAsItsClass(Case refused) {
        createBus();
        afterwards(() -> events.deleteRule(r -> r.name("r").eventBusName(bus)));
        refused.refusal().provokedBy(() -> refused.call().accept(bus));
    }

    private String createBus() {
        var arn = events.createEventBus(r -> r.name(bus)).eventBusArn();
        afterwards(() -> events.deleteEventBus(r -> r.name(bus)));
        return arn;
    }

    /** The rule goes with its target after the test. */
    private void putTarget(String rule, Consumer<Target.Builder> target) {
        afterwards(() -> events.deleteRule(r -> r.name(rule).eventBusName(bus)));
        events.putTargets(r -> r.rule(rule).eventBusName(bus).targets(t -> t.id("queue").applyMutation(target)));
        afterwards(() -> events.removeTargets(r -> r.rule(rule).eventBusName(bus).ids("queue")));
    }

    private List<PutEventsResultEntry> putEvents(String... details) {
        var entries = Stream.of(details)
                .map(detail -> PutEventsRequestEntry.builder()
                        .eventBusName(bus)
                        .source("shop.orders")
                        .detailType("OrderPlaced")
                        .detail(detail)
                        .build())
                .toList();
        return events.putEvents(r -> r.entries(entries)).entries();
    }
}
