package topiq.compat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits by polling, and gives up in the end. */
public final class Eventually {

    public static final Duration PATIENCE = Duration.ofSeconds(30);

    private Eventually() {}

    /** Polls until there is an answer, and returns it. */
    public static <T> T eventually(String expected, Supplier<Optional<T>> question) {
        var deadline = Instant.now().plus(PATIENCE);
        while (true) {
            var answer = question.get();
            if (answer.isPresent()) {
                return answer.get();
            }
            if (Instant.now().isAfter(deadline)) {
                throw new AssertionError("it never came true: " + expected);
            }
            pause(Duration.ofMillis(50));
        }
    }

    public static void eventuallyTrue(String expected, BooleanSupplier question) {
        eventually(expected, () -> question.getAsBoolean() ? Optional.of(true) : Optional.empty());
    }

    /** Makes a call in another thread after some time. */
    public static CompletableFuture<Void> after(Duration time, Runnable call) {
        return CompletableFuture.runAsync(
                call, CompletableFuture.delayedExecutor(time.toMillis(), TimeUnit.MILLISECONDS));
    }

    private static void pause(Duration time) {
        try {
            Thread.sleep(time.toMillis());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError(interrupted);
        }
    }
}
