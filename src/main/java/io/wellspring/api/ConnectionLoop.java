package io.wellspring.api;

import io.wellspring.support.Timers.Cancellable;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/** The thread of a connection: runs tasks in the order in which they were given, and some later. Threads: any. */
public interface ConnectionLoop extends Executor {
    /** @throws RejectedExecutionException if the thread has ended, and everything of its connections with it */
    @Override
    void execute(Runnable task);

    /**
     * Runs the task once after the delay, on this thread. What waits thousandfold waits here: no other thread is woken when it begins, ends or is taken back.
     *
     * @param task what it throws is logged
     * @return takes the task back; from this thread it does not run any more then
     */
    Cancellable after(Duration delay, Runnable task);
}
