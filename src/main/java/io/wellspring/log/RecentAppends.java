package io.wellspring.log;

import io.wellspring.support.Ticker;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * Which records at the end of a log were appended lately, by bytes and by time. Threads: the owner writes, any reads.
 */
final class RecentAppends {
    /** A reader within about this many bytes of the end finds them in the page cache in all likelihood. */
    static final long BYTES = 8L << 20;

    /** Between two marks. */
    private static final long MARK_NANOS = Duration.ofSeconds(1).toNanos();
    /**
     * A kernel takes a page away so soon after it was written only if about all memory was filled anew meanwhile. Longer than two marks are apart, so
     * that what a steadily written log has got in the last second always counts.
     */
    private static final long JUST_NOW_NANOS = 3 * MARK_NANOS;

    private final Ticker ticker;

    private long bytesSinceOffset;
    private long nextOffset;
    private volatile long offset;

    private Mark nextMark;
    private volatile Mark mark;

    /** @param endOffset of the log */
    RecentAppends(Ticker ticker, long endOffset) {
        this.ticker = ticker;
        this.offset = endOffset;
        this.nextOffset = endOffset;
        this.nextMark = new Mark(endOffset, ticker.nanos(), ticker);
        this.mark = nextMark;
    }

    /** Records from this offset on were appended at that time or later. */
    private record Mark(long offset, long nanos, Ticker ticker) implements BooleanSupplier {
        @Override
        public boolean getAsBoolean() {
            return ticker.nanos() - nanos < JUST_NOW_NANOS;
        }
    }

    /** The owner is about to append. */
    void appending(long firstOffset) {
        long now = ticker.nanos();
        if (now - nextMark.nanos() < MARK_NANOS) {
            if (!mark.getAsBoolean()) {
                mark = nextMark;
            }
            return;
        }
        Mark fresh = new Mark(firstOffset, now, ticker);
        mark = nextMark.getAsBoolean() ? nextMark : fresh;
        nextMark = fresh;
    }

    /** The owner has appended. */
    void appended(long firstOffset, long bytes) {
        bytesSinceOffset += bytes;
        if (bytesSinceOffset >= BYTES / 2) {
            offset = nextOffset;
            nextOffset = firstOffset;
            bytesSinceOffset = bytes;
        }
    }

    /** The owner has cut the log. What comes behind a mark is newer than it, cut or not. */
    void cut(long endOffset) {
        offset = endOffset;
        nextOffset = endOffset;
        bytesSinceOffset = 0;
    }

    /** Offsets from here on were appended lately, by bytes. */
    long offset() {
        return offset;
    }

    /** True as long as what lies from this offset on was written just now, so that it is in the page cache in all likelihood. */
    BooleanSupplier justNow(long from) {
        Mark newest = mark;
        return from >= newest.offset() ? newest : () -> false;
    }
}
