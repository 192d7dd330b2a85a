package io.wellspring.network;

import io.netty.channel.Channel;
import io.wellspring.network.BytesInFlight.Reservation;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Back-pressure of one connection: counts the bytes it has in flight and stops reading its socket where the next frame
 * does not fit, in its own bound or in that of all connections. Nothing is dropped; reading goes on when enough was answered.
 * A frame larger than the connection's bound is let in when the connection has nothing else in flight.
 * Threads: the connection's event loop; {@link #bytes} any.
 */
final class ReadGate {
    /** What a request costs beside its bytes; bounds the number of tiny ones. */
    static final int REQUEST_OVERHEAD_BYTES = 256;

    private final Channel channel;
    private final long bound;
    private final BytesInFlight all;
    private final Runnable resume;

    private final AtomicLong bytes = new AtomicLong();

    private boolean isOverOwnBound;
    private @Nullable Reservation waiting;
    private long granted;
    private boolean closed;

    /** @param resume run when reading may go on; whoever asked for a frame then asks again */
    ReadGate(Channel channel, long bound, BytesInFlight all, Runnable resume) {
        this.channel = channel;
        this.bound = bound;
        this.all = all;
        this.resume = resume;
    }

    /** What a frame of this size is charged with. */
    static long charge(int frameSizeBytes) {
        return (long) frameSizeBytes + REQUEST_OVERHEAD_BYTES;
    }

    long bytes() {
        return bytes.get();
    }

    /** True while a frame waits for room. */
    boolean isClosed() {
        return isOverOwnBound || waiting != null;
    }

    /** Charges the frame or stops reading. */
    boolean admit(int frameSizeBytes) {
        long charge = charge(frameSizeBytes);
        if (closed || isClosed()) {
            return false;
        }
        if (granted == charge) {
            granted = 0;
            count(charge);
            return true;
        }
        if (bytes.get() > 0 && bytes.get() + charge > bound) {
            isOverOwnBound = true;
            read(false);
            return false;
        }
        if (all.tryReserve(charge)) {
            count(charge);
            return true;
        }
        // Reading stops before the place in line is taken: the grant may come at once, from another thread.
        Reservation wanted = new Reservation(charge, () -> grantedElsewhere(charge));
        waiting = wanted;
        if (all.reserve(wanted)) {
            waiting = null;
            count(charge);
            return true;
        }
        read(false);
        return false;
    }

    /** Charges bytes that are there already. */
    void add(long sizeBytes) {
        count(sizeBytes);
        all.add(sizeBytes);
    }

    void release(long sizeBytes) {
        count(-sizeBytes);
        all.release(sizeBytes);
        if (isOverOwnBound && bytes.get() <= bound / 2) {
            isOverOwnBound = false;
            goOn();
        }
    }

    /** Lets nothing more in. What is charged is released as it ends. */
    void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (granted > 0) {
            all.release(granted);
            granted = 0;
        }
        if (waiting != null && all.cancel(waiting)) {
            waiting = null;
        }
    }

    private void grantedElsewhere(long charge) {
        try {
            channel.eventLoop().execute(() -> {
                waiting = null;
                if (closed) {
                    all.release(charge);
                } else {
                    granted = charge;
                    goOn();
                }
            });
        } catch (RejectedExecutionException e) {
            all.release(charge);
        }
    }

    private void goOn() {
        if (!closed) {
            read(true);
            resume.run();
        }
    }

    private void read(boolean on) {
        channel.config().setAutoRead(on);
    }

    private void count(long change) {
        bytes.addAndGet(change);
    }
}
