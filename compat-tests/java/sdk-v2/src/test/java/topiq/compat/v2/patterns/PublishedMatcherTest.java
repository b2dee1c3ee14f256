package topiq.compat.v2.patterns;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import software.amazon.event.ruler.JsonRuleCompiler;
import software.amazon.event.ruler.Machine;
import software.amazon.event.ruler.RuleCompiler;
import topiq.compat.Json;
import topiq.compat.Topiq;

/**
 * {@code TestEventPattern} says of random pairs what the matcher that AWS publishes says. The calls are made without the
 * SDK, which would take longer for each than all the rest.
 */
class PublishedMatcherTest {

    /** Pair n of a run has the seed SEED + n: {@code -Dcompat.seed=… -Dcompat.pairs=1} tries one again. */
    private static final long SEED = Long.getLong("compat.seed", 20261130);

    private static final int PAIRS = Integer.getInteger("compat.pairs", 100_000);
    private static final int CONNECTIONS = 4;
    private static final String REFUSED = "Event pattern is not valid. Reason: ";
    private static final List<String> OPERATORS = List.of(
            "prefix", "suffix", "equals-ignore-case", "wildcard", "exactly", "anything-but", "numeric", "exists", "cidr",
            "$or");

    private final AtomicInteger matching = new AtomicInteger();
    private final Map<String, Integer> operators = new ConcurrentHashMap<>();
    private final Map<String, Integer> refusals = new ConcurrentHashMap<>();
    private final Map<String, Integer> asides = new ConcurrentHashMap<>();
    private final Queue<String> differences = new ConcurrentLinkedQueue<>();

    @Test
    void theyAgree() throws InterruptedException, ExecutionException {
        compareAll();
        System.out.printf("seed %d: %d of %d pairs match%n", SEED, matching.get(), PAIRS);
        System.out.printf("patterns with %s%n", new TreeMap<>(operators));
        System.out.printf("aside %s%n", new TreeMap<>(asides));
        System.out.printf("refused %s%n", new TreeMap<>(refusals));

        assertThat(differences.stream().limit(20)).as("differences of seed " + SEED).isEmpty();
        // Pairs that say something, whichever the seed.
        assertThat((long) matching.get()).isBetween(least(0.3), most(0.6));
        assertThat(OPERATORS).allMatch(operator -> operators.getOrDefault(operator, 0) >= least(0.01));
        assertThat(total(refusals)).isBetween(least(0.001), most(0.02));
        assertThat(total(asides)).isLessThan(most(0.02));
    }

    private static long least(double share) {
        return Math.round(PAIRS * share - chance(share));
    }

    private static long most(double share) {
        return Math.round(PAIRS * share + chance(share));
    }

    /** By how much a share of few pairs may differ: five standard deviations, and two pairs. */
    private static double chance(double share) {
        return PAIRS < 10_000 ? 5 * Math.sqrt(PAIRS * share) + 2 : 0;
    }

    private void compareAll() throws InterruptedException, ExecutionException {
        var threads = Executors.newFixedThreadPool(CONNECTIONS);
        try {
            var running = new ArrayList<Future<?>>();
            for (int first = 0; first < CONNECTIONS; first++) {
                var start = first;
                running.add(threads.submit(() -> {
                    for (int pair = start; pair < PAIRS; pair += CONNECTIONS) compare(SEED + pair);
                    return null;
                }));
            }
            for (var future : running) future.get();
        } finally {
            threads.shutdownNow();
        }
    }

    private void compare(long seed) throws IOException {
        var pair = new RandomPair(seed);
        String pattern = pair.pattern.toString(), event = pair.event.toString();
        OPERATORS.stream()
                .filter(operator -> pattern.contains("\"" + operator + "\":"))
                .forEach(operator -> operators.merge(operator, 1, Integer::sum));
        var ours = verdict(pattern, event);
        var published = publishedVerdicts(pattern, event);
        if (published.contains("true")) matching.incrementAndGet();
        var isRefused = isRefusal(ours) || isRefusal(published.get(0));
        if (isRefused) refusals.merge(published.get(0), 1, Integer::sum);
        if (published.contains(ours)) return;
        var aside = isRefused ? Optional.<String>empty() : Asides.nameOf(pair.pattern, pair.event);
        aside.ifPresentOrElse(
                name -> asides.merge(name, 1, Integer::sum),
                () -> differences.add(String.format(
                        "seed %d%n  pattern %s%n  event %s%n  topiq %s%n  published %s%n",
                        seed, pattern, event, ours, published)));
    }

    /** {@code true}, {@code false}, or the reason why the pattern is refused. */
    private static String verdict(String pattern, String event) throws IOException {
        var body = Json.write(Map.of("EventPattern", pattern, "Event", event));
        var connection = (HttpURLConnection) URI.create(Topiq.ENDPOINT).toURL().openConnection();
        connection.setRequestProperty("Content-Type", "application/x-amz-json-1.1");
        connection.setRequestProperty("X-Amz-Target", "AWSEvents.TestEventPattern");
        connection.setDoOutput(true);
        connection.getOutputStream().write(body.getBytes(UTF_8));
        var isRefused = connection.getResponseCode() != 200;
        JsonNode answer;
        // Read to its end, so that the connection serves the next call.
        try (var stream = isRefused ? connection.getErrorStream() : connection.getInputStream()) {
            answer = Json.read(new String(stream.readAllBytes(), UTF_8));
        }
        if (answer.has("Result")) return answer.get("Result").asText();
        assertThat(answer.path("__type").asText()).isEqualTo("InvalidEventPatternException");
        var message = answer.path("message").asText();
        assertThat(message).startsWith(REFUSED);
        return firstLine(message.substring(REFUSED.length()));
    }

    /**
     * What the matcher says. A pattern that it refuses it reads again as if {@code $or} were a name, and shows the reason
     * that it then finds; EventBridge shows the one or the other.
     */
    private static List<String> publishedVerdicts(String pattern, String event) {
        var refusal = refusalBy(() -> JsonRuleCompiler.compile(pattern));
        if (refusal.isPresent()) {
            var second = refusalBy(() -> RuleCompiler.compile(pattern));
            return Stream.of(refusal, second).flatMap(Optional::stream).toList();
        }
        var machine = Machine.builder().build();
        try {
            machine.addRule("rule", pattern);
            return List.of("" + !machine.rulesForJSONEvent(event).isEmpty());
        } catch (Exception failure) {
            throw new AssertionError(pattern + " " + event, failure);
        }
    }

    private static Optional<String> refusalBy(Callable<?> reading) {
        try {
            reading.call();
            return Optional.empty();
        } catch (JsonProcessingException refused) {
            return Optional.of(firstLine(refused.getOriginalMessage()));
        } catch (Exception refused) {
            return Optional.of(firstLine(refused.getMessage()));
        }
    }

    private static boolean isRefusal(String verdict) {
        return !verdict.equals("true") && !verdict.equals("false");
    }

    private static String firstLine(String text) {
        return text.lines().findFirst().orElse("");
    }

    private static long total(Map<String, Integer> counts) {
        return counts.values().stream().mapToLong(Integer::longValue).sum();
    }
}
