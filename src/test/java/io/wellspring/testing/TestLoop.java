package io.wellspring.testing;

import io.wellspring.api.ConnectionLoop;
import io.wellspring.support.Timers;
import io.wellspring.support.Timers.Cancellable;
import java.time.Duration;
import java.util.concurrent.Executor;

/** A connection's thread made of an executor and timers; what is due is handed to the executor. */
public record TestLoop(Executor executor, Timers timers) implements ConnectionLoop {
    /** Runs tasks where they are given; time stands still. */
    public static TestLoop direct() {
        return new TestLoop(Runnable::run, new ManualTimers());
    }

    @Override
    public void execute(Runnable task) {
        executor.execute(task);
    }

    @Override
    public Cancellable after(Duration delay, Runnable task) {
        return timers.after(delay, () -> executor.execute(task));
    }
}
