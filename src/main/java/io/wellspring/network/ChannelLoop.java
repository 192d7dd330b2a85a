package io.wellspring.network;

import io.netty.channel.EventLoop;
import io.wellspring.api.ConnectionLoop;
import io.wellspring.support.Timers.Cancellable;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/** Netty's event loop of a channel as handlers see it. */
record ChannelLoop(EventLoop loop) implements ConnectionLoop {
    @Override
    public void execute(Runnable task) {
        loop.execute(task);
    }

    @Override
    public Cancellable after(Duration delay, Runnable task) {
        Future<?> scheduled;
        try {
            scheduled = loop.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException ended) {
            // Its connections have ended, and with them all that could wait.
            return () -> {};
        }
        return () -> scheduled.cancel(false);
    }
}
