package io.wellspring.network;

import io.netty.channel.EventLoop;
import io.wellspring.api.ConnectionLoop;
import io.wellspring.support.Timers.Cancellable;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Netty's event loop of a channel as handlers see it. */
record ChannelLoop(EventLoop loop) implements ConnectionLoop {
    private static final Logger LOG = LoggerFactory.getLogger(ChannelLoop.class);

    @Override
    public void execute(Runnable task) {
        loop.execute(task);
    }

    @Override
    public Cancellable after(Duration delay, Runnable task) {
        Future<?> scheduled;
        try {
            scheduled = loop.schedule(() -> run(task), delay.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException ended) {
            // Its connections have ended, and with them all that could wait.
            return () -> {};
        }
        return () -> scheduled.cancel(false);
    }

    private static void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error fault) {
            // Netty would keep it in a future that nobody looks at.
            LOG.error("A timer's task failed", fault);
        }
    }
}
