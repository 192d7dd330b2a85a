package io.wellspring.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

final class ScheduledTimersTest {
    @Test
    void tasksRunOnTheTimersThread() {
        try (ScheduledTimers timers = new ScheduledTimers()) {
            CompletableFuture<String> name = new CompletableFuture<>();
            timers.after(
                    Duration.ZERO, () -> name.complete(Thread.currentThread().getName()));
            assertThat(name.join()).isEqualTo("wellspring-timer-0");
        }
    }

    @Test
    void aTaskThatThrowsComesAgain() throws InterruptedException {
        try (ScheduledTimers timers = new ScheduledTimers()) {
            CountDownLatch runs = new CountDownLatch(3);
            timers.every(Duration.ofMillis(1), () -> {
                runs.countDown();
                throw new IllegalStateException("made by the test");
            });
            runs.await();
            assertThat(runs.getCount()).isZero();
        }
    }

    @Test
    void aTaskThatEndsInAnErrorComesAgain() throws InterruptedException {
        try (ScheduledTimers timers = new ScheduledTimers()) {
            CountDownLatch runs = new CountDownLatch(2);
            timers.every(Duration.ofMillis(1), () -> {
                runs.countDown();
                throw new NoClassDefFoundError("made by the test");
            });
            assertThat(runs.await(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void aCancelledTaskDoesNotRunAndCancellingTwiceDoesNothing() throws InterruptedException {
        try (ScheduledTimers timers = new ScheduledTimers()) {
            AtomicBoolean hasRun = new AtomicBoolean();
            CountDownLatch blocked = new CountDownLatch(1);
            CountDownLatch after = new CountDownLatch(1);
            timers.after(Duration.ZERO, () -> awaitQuietly(blocked));
            Timers.Cancellable task = timers.after(Duration.ZERO, () -> hasRun.set(true));
            task.cancel();
            task.cancel();
            timers.after(Duration.ZERO, after::countDown);
            blocked.countDown();
            after.await();
            assertThat(hasRun).isFalse();
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void aClosedTimerTakesTasksAndDropsThem() {
        ScheduledTimers timers = new ScheduledTimers();
        timers.close();
        timers.after(Duration.ZERO, () -> {}).cancel();
        timers.every(Duration.ofSeconds(1), () -> {}).cancel();
        assertThat(timers).isNotNull();
    }

    @Test
    void aDelayBeyondTheClockIsNever() {
        try (ScheduledTimers timers = new ScheduledTimers()) {
            AtomicBoolean hasRun = new AtomicBoolean();
            CompletableFuture<Boolean> later = new CompletableFuture<>();
            timers.after(Duration.ofSeconds(Long.MAX_VALUE), () -> hasRun.set(true));
            timers.after(Duration.ZERO, () -> later.complete(true));
            assertThat(later.join()).isTrue();
            assertThat(hasRun).isFalse();
        }
    }
}
