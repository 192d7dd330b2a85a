package io.wellspring.testing;

import io.wellspring.support.Ticker;
import io.wellspring.support.Timers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Time that passes when a test says so: a clock and its timers. Tasks run on the thread that lets time pass. Threads: any. */
public final class ManualTimers implements Timers, Ticker {
    private final List<Task> tasks = new ArrayList<>();
    private long nowNanos;

    /** A task and when it is due; one that repeats has a delay. */
    private record Task(long dueNanos, @Nullable Duration delay, Runnable action, AtomicBoolean cancelled) {}

    @Override
    public synchronized long nanos() {
        return nowNanos;
    }

    @Override
    public Cancellable after(Duration delay, Runnable task) {
        return add(delay, null, task, new AtomicBoolean());
    }

    @Override
    public Cancellable every(Duration delay, Runnable task) {
        return add(delay, delay, task, new AtomicBoolean());
    }

    private synchronized Cancellable add(
            Duration delay, @Nullable Duration repeat, Runnable action, AtomicBoolean cancelled) {
        tasks.add(new Task(nowNanos + delay.toNanos(), repeat, action, cancelled));
        return () -> {
            synchronized (this) {
                cancelled.set(true);
                tasks.removeIf(task -> task.cancelled().get());
            }
        };
    }

    /** Timers that are set and neither ran nor were taken back. */
    public synchronized int pending() {
        return tasks.size();
    }

    /** Lets time pass and runs what becomes due, in order. */
    public void advance(Duration duration) {
        long endNanos = nanos() + duration.toNanos();
        for (Task due = takeDue(endNanos); due != null; due = takeDue(endNanos)) {
            due.action().run();
            Duration delay = due.delay();
            if (delay != null && !due.cancelled().get()) {
                add(delay, delay, due.action(), due.cancelled());
            }
        }
        synchronized (this) {
            nowNanos = endNanos;
        }
    }

    private synchronized @Nullable Task takeDue(long endNanos) {
        Task next = tasks.stream().min(Comparator.comparingLong(Task::dueNanos)).orElse(null);
        if (next == null || next.dueNanos() > endNanos) {
            return null;
        }
        tasks.remove(next);
        nowNanos = Math.max(nowNanos, next.dueNanos());
        return next;
    }
}
