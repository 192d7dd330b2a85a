package io.wellspring.testing;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;

/** Times from a question to its answer, to the tenth of a millisecond up to ten seconds. Threads: any. */
public final class AnswerTimes {
    private static final int TENTHS_MOST = 100_000;

    private final AtomicLongArray counts = new AtomicLongArray(TENTHS_MOST + 1);

    void add(long nanos) {
        counts.incrementAndGet((int) Math.min(TENTHS_MOST, TimeUnit.NANOSECONDS.toMicros(nanos) / 100));
    }

    public long count() {
        long sum = 0;
        for (int i = 0; i <= TENTHS_MOST; i++) {
            sum += counts.get(i);
        }
        return sum;
    }

    /** Forgets all. */
    public void reset() {
        for (int i = 0; i <= TENTHS_MOST; i++) {
            counts.set(i, 0);
        }
    }

    /** @param share of the answers that took this long or less */
    public double millis(double share) {
        long wanted = (long) Math.ceil(count() * share);
        long seen = 0;
        for (int i = 0; i <= TENTHS_MOST; i++) {
            seen += counts.get(i);
            if (seen >= wanted) {
                return i / 10.0;
            }
        }
        return TENTHS_MOST / 10.0;
    }
}
