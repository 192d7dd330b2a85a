package io.wellspring.log;

import io.wellspring.support.Ticker;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Keeps work in the background below a number of bytes per second, and ends it when the broker stops. Threads: any. */
final class Pace {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    /** Short naps cost more than they save. */
    private static final long LEAST_NAP_NANOS = NANOS_PER_SECOND / 100;

    private final Ticker ticker;
    private final long bytesPerSecond;
    private final CountDownLatch stopped;

    /** When all that was spent would be paid for. Guarded by this object's monitor. */
    private long paidNanos;

    /** @param bytesPerSecond 0: no bound */
    Pace(Ticker ticker, long bytesPerSecond, CountDownLatch stopped) {
        this.ticker = ticker;
        this.bytesPerSecond = bytesPerSecond;
        this.stopped = stopped;
        this.paidNanos = ticker.nanos();
    }

    /** So many bytes were read or written: rests if that was too fast. */
    void spend(long bytes) throws CompactionStoppedException {
        if (stopped.getCount() == 0 || (bytesPerSecond > 0 && rest(owed(bytes)))) {
            throw new CompactionStoppedException("the broker stops");
        }
    }

    private synchronized long owed(long bytes) {
        long now = ticker.nanos();
        // What was not used before is lost: no bursts after a rest.
        paidNanos =
                (paidNanos - now > 0 ? paidNanos : now) + (long) ((double) bytes / bytesPerSecond * NANOS_PER_SECOND);
        return paidNanos - now;
    }

    private boolean rest(long nanos) {
        try {
            return nanos >= LEAST_NAP_NANOS && stopped.await(nanos, TimeUnit.NANOSECONDS);
        } catch (InterruptedException end) {
            Thread.currentThread().interrupt();
            return true;
        }
    }
}
