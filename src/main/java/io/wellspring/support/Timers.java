package io.wellspring.support;

import java.time.Duration;

/** Runs short things later, on a thread of its own; long work is handed on by the task. */
public interface Timers {
    /**
     * Runs the task once after the delay.
     *
     * @return a handle that takes the task back; cancelling twice or too late does nothing
     */
    Cancellable after(Duration delay, Runnable task);

    /** Runs the task again and again with the delay between the end of one run and the start of the next. */
    Cancellable every(Duration delay, Runnable task);

    /** A scheduled task that can be taken back. */
    @FunctionalInterface
    interface Cancellable {
        void cancel();
    }
}
