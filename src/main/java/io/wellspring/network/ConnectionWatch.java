package io.wellspring.network;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.util.concurrent.Future;
import io.wellspring.network.NetworkMetrics.DroppedConnection;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Looks at a connection at regular times and drops it when its client is too slow: nothing in or out for the idle time, a
 * frame begun that gains too little, bytes to send that it does not take. Each is noticed after its time and before twice
 * its time. While this broker itself does not read (back-pressure), a frame is not expected to grow.
 * Threads: the connection's event loop.
 */
final class ConnectionWatch {
    private final ClientConnection connection;
    private final NetworkLimits.Timeouts timeouts;
    private final BytesInFlight bytes;

    private @Nullable Future<?> next;
    private long receivedBefore = -1;
    private long sentBefore;
    private long frameBefore = -1;
    private long quietNanos;
    private long stalledNanos;
    private long frameNanos;
    private long windowNanos;
    private long windowGained;

    ConnectionWatch(ClientConnection connection, NetworkLimits.Timeouts timeouts, BytesInFlight bytes) {
        this.connection = connection;
        this.timeouts = timeouts;
        this.bytes = bytes;
    }

    void start(ChannelHandlerContext context) {
        Duration shortest = timeouts.frameProgress();
        for (Duration other : new Duration[] {timeouts.idle(), timeouts.writeStall(), timeouts.frame()}) {
            shortest = other.compareTo(shortest) < 0 ? other : shortest;
        }
        long period = shortest.toNanos();
        next = context.executor()
                .scheduleWithFixedDelay(() -> look(context.channel(), period), period, period, TimeUnit.NANOSECONDS);
    }

    void stop() {
        if (next != null) {
            next.cancel(false);
        }
    }

    private void look(Channel channel, long period) {
        FrameDecoder decoder = connection.decoder();
        long received = decoder.receivedBytes();
        long sent = sentSoFar(channel);
        long gained = received - receivedBefore;
        boolean isFirst = receivedBefore < 0;
        boolean isQuiet = !isFirst && gained == 0 && sent == sentBefore;
        boolean isStalled = !isFirst && connection.hasUnsent() && sent == sentBefore;
        boolean isSameFrame =
                decoder.isMidFrame() && decoder.frameCount() == frameBefore && !connection.isReadStopped();

        quietNanos = isQuiet ? quietNanos + period : 0;
        stalledNanos = isStalled ? stalledNanos + period : 0;
        frameNanos = isSameFrame ? frameNanos + period : 0;
        windowNanos = isSameFrame ? windowNanos + period : 0;
        windowGained = isSameFrame ? windowGained + gained : 0;
        receivedBefore = received;
        sentBefore = sent;
        frameBefore = decoder.isMidFrame() ? decoder.frameCount() : -1;
        judge();
    }

    private void judge() {
        boolean isWindowOver = windowNanos >= timeouts.frameProgress().toNanos();
        if (isWindowOver && windowGained < timeouts.frameProgressBytes()) {
            connection.drop(DroppedConnection.FRAME_STALLED, "a request that was begun does not arrive", null);
        } else if (bytes.isCrowded() && frameNanos >= timeouts.frame().toNanos()) {
            connection.drop(
                    DroppedConnection.FRAME_STALLED,
                    "a request arrives too slowly while others wait for the memory it has reserved",
                    null);
        } else if (stalledNanos >= timeouts.writeStall().toNanos()) {
            connection.drop(DroppedConnection.WRITE_STALLED, "the client does not read its responses", null);
        } else if (quietNanos >= timeouts.idle().toNanos()) {
            connection.drop(DroppedConnection.IDLE, "nothing was sent or received", null);
        }
        if (isWindowOver) {
            windowNanos = 0;
            windowGained = 0;
        }
    }

    /** A number that changes whenever the socket takes a byte. */
    private long sentSoFar(Channel channel) {
        ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
        return connection.finishedWrites() * 31 + (buffer == null ? 0 : buffer.currentProgress() - buffer.size());
    }
}
