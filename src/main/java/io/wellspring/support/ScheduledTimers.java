package io.wellspring.support;

import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Timers on one thread, {@code wellspring-timer-0}, by the machine's monotonic clock: a jump of the wall clock moves none of them.
 * A task that throws is logged and comes again; after {@link #close} nothing runs any more and new tasks are dropped.
 * Threads: any.
 */
public final class ScheduledTimers implements Timers, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ScheduledTimers.class);

    private final ScheduledThreadPoolExecutor executor;

    public ScheduledTimers() {
        executor = new ScheduledThreadPoolExecutor(1, new RoleThreads("timer"));
        // What is taken back more often than it runs out must not wait for its time in the heap.
        executor.setRemoveOnCancelPolicy(true);
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        executor.setContinueExistingPeriodicTasksAfterShutdownPolicy(false);
    }

    @Override
    public Cancellable after(Duration delay, Runnable task) {
        try {
            return cancellable(executor.schedule(guarded(task), nanos(delay), TimeUnit.NANOSECONDS));
        } catch (RejectedExecutionException closed) {
            return () -> {};
        }
    }

    @Override
    public Cancellable every(Duration delay, Runnable task) {
        long nanos = nanos(delay);
        try {
            return cancellable(executor.scheduleWithFixedDelay(guarded(task), nanos, nanos, TimeUnit.NANOSECONDS));
        } catch (RejectedExecutionException closed) {
            return () -> {};
        }
    }

    /** Drops what is waiting; a task that runs just now ends in peace. */
    @Override
    public void close() {
        executor.shutdown();
    }

    private static Cancellable cancellable(ScheduledFuture<?> future) {
        // Not interrupted: an interrupted thread closes the file channel it is using.
        return () -> future.cancel(false);
    }

    private static Runnable guarded(Runnable task) {
        return () -> {
            try {
                task.run();
            } catch (RuntimeException | Error fault) {
                // Without this the executor would silently never run a periodic task again.
                LOG.error("A timer's task failed", fault);
            }
        };
    }

    /** A delay beyond 292 years is "never"; it must not overflow. */
    private static long nanos(Duration delay) {
        return delay.compareTo(Duration.ofNanos(Long.MAX_VALUE)) > 0 ? Long.MAX_VALUE / 2 : delay.toNanos();
    }
}
