package topiq.compat;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** Many producers and consumers at once: nothing is lost, nothing is received twice. */
public final class Exchange {

    private static final int PRODUCERS = 64;
    private static final int CONSUMERS = 64;
    private static final int MESSAGES = 10_000;
    private static final int BATCH = 10;
    private static final Duration PATIENCE = Duration.ofSeconds(180);

    private final Map<String, Integer> received = new ConcurrentHashMap<>();

    /**
     * @param send sends a batch of texts
     * @param receiveAndDelete receives some texts, and returns them when they are deleted
     */
    public void run(Consumer<List<String>> send, Supplier<List<String>> receiveAndDelete) {
        var threads = Executors.newFixedThreadPool(PRODUCERS + CONSUMERS);
        try {
            var running = new ArrayList<Future<?>>();
            for (int producer = 0; producer < PRODUCERS; producer++) {
                int first = producer * BATCH;
                running.add(threads.submit(() -> produce(first, send)));
            }
            for (int consumer = 0; consumer < CONSUMERS; consumer++) {
                running.add(threads.submit(() -> consume(receiveAndDelete)));
            }
            for (var future : running) {
                future.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            }
        } catch (ExecutionException | TimeoutException failure) {
            throw new AssertionError(received.size() + " of " + MESSAGES + " messages came", failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError(interrupted);
        } finally {
            threads.shutdownNow();
        }
        assertThat(received).hasSize(MESSAGES);
        assertThat(received.values()).containsOnly(1);
    }

    /** Each producer sends every 64th batch. */
    private void produce(int first, Consumer<List<String>> send) {
        for (int start = first; start < MESSAGES; start += PRODUCERS * BATCH) {
            send.accept(IntStream.range(start, start + BATCH).mapToObj(Integer::toString).toList());
        }
    }

    private void consume(Supplier<List<String>> receiveAndDelete) {
        while (received.size() < MESSAGES && !Thread.currentThread().isInterrupted()) {
            receiveAndDelete.get().forEach(text -> received.merge(text, 1, Integer::sum));
        }
    }
}
