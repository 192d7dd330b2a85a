package io.wellspring.log;

import io.wellspring.batch.RecordBatch;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * Where the newest batches of a segment lie, so that readers at the tail need neither index nor disk. A ring that one writer fills and
 * any reader may read without a lock: a reader that was overtaken while it looked finds nothing, and goes by the index.
 */
final class RecentBatches {
    private static final int CAPACITY = 128;
    private static final int MASK = CAPACITY - 1;

    private final long[] baseOffsets = new long[CAPACITY];
    private final long[] nextOffsets = new long[CAPACITY];
    private final long[] positions = new long[CAPACITY];
    private final long[] ends = new long[CAPACITY];

    /** Batches ever added. Written by the writer after the batch's fields. */
    private volatile long count;

    void add(RecordBatch batch, long position) {
        long added = count;
        int slot = (int) (added & MASK);
        // A reader must see the raised count of the batch before, if it sees the first of these stores.
        VarHandle.fullFence();
        baseOffsets[slot] = batch.baseOffset();
        nextOffsets[slot] = batch.nextOffset();
        positions[slot] = position;
        ends[slot] = position + batch.sizeBytes();
        count = added + 1;
    }

    /** The first batch that ends above the offset; null if it may be older than what is kept, or if there is none. */
    @Nullable
    BatchPlace firstEndingAbove(long offset) {
        long end = count;
        long oldest = Math.max(0L, end - CAPACITY + 1);
        long low = oldest;
        long high = end - 1;
        while (low <= high) {
            long middle = (low + high) >>> 1;
            if (nextOffsets[(int) (middle & MASK)] <= offset) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        if (low == end) {
            return null;
        }
        BatchPlace found = at(low);
        // In front of the oldest kept batch there may be another one that ends above the offset.
        boolean certain = low > oldest || found.baseOffset() <= offset;
        return certain && isStillKept(low) ? found : null;
    }

    /** The last batch that begins at or before the position; null if it may be older than what is kept. */
    @Nullable
    BatchPlace lastBeginningAtOrBefore(long position) {
        long end = count;
        long oldest = Math.max(0L, end - CAPACITY + 1);
        long low = oldest;
        long high = end - 1;
        while (low <= high) {
            long middle = (low + high) >>> 1;
            if (positions[(int) (middle & MASK)] <= position) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        if (high < oldest) {
            return null;
        }
        BatchPlace found = at(high);
        return isStillKept(high) ? found : null;
    }

    private BatchPlace at(long number) {
        int slot = (int) (number & MASK);
        return new BatchPlace(baseOffsets[slot], nextOffsets[slot], positions[slot], ends[slot]);
    }

    /** False if the writer may have begun to write over the batch, or over one that the search has looked at, which is newer. */
    private boolean isStillKept(long number) {
        VarHandle.acquireFence();
        return number > count - CAPACITY;
    }
}
