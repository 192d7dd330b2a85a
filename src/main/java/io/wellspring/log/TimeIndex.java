package io.wellspring.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * The largest timestamp so far, now and then, in Kafka's {@code .timeindex} format: rows of 12 bytes, big-endian,
 *
 * <pre>
 *   0 timestamp        int64  the largest of all records up to this one, ms
 *   8 relative offset  int32  last offset of the first batch that has it, less the segment's base offset
 * </pre>
 *
 * Timestamps grow strictly from row to row. When a segment is closed its largest timestamp is the last row.
 * Example: base offset 100, timestamp 1000 in the batch that ends at 149: {@code 00000000000003e8 00000031}.
 *
 * <p>Threads: one writer, any readers. What survives a crash: see {@link IndexRows}.
 */
final class TimeIndex {
    static final int ROW_SIZE_BYTES = 12;
    private static final int OFFSET_FIELD = 8;

    /**
     * @param timestampMs ms; -1: no row
     * @param lastOffset last offset of the batch that has it; -1: no row
     */
    record Entry(long timestampMs, long lastOffset) {
        static final Entry NONE = new Entry(-1L, -1L);
    }

    private final long baseOffset;
    private final IndexRows rows;
    private final ByteBuffer row = ByteBuffer.allocate(ROW_SIZE_BYTES);

    TimeIndex(long baseOffset, IndexRows rows) {
        this.baseOffset = baseOffset;
        this.rows = rows;
    }

    static IndexRows rows(LogFiles files, OpenFiles openFiles, Path path, int rowCount) {
        return new IndexRows(files, openFiles, path, ROW_SIZE_BYTES, rowCount);
    }

    IndexRows rows() {
        return rows;
    }

    /** Adds a row if the timestamp is larger than the last row's. Threads: the writer. */
    void appendIfLarger(Entry largest) throws IOException {
        if (largest.timestampMs() > lastTimestampMs()) {
            rows.append(row.putLong(0, largest.timestampMs())
                    .putInt(OFFSET_FIELD, Math.toIntExact(largest.lastOffset() - baseOffset)));
        }
    }

    /** The last row whose timestamp is below {@code timestampMs}: no record up to its offset is that young. */
    Entry lookupBelow(long timestampMs) throws IOException {
        try (IndexRows.View view = rows.view()) {
            int low = 0;
            int high = view.rowCount() - 1;
            while (low <= high) {
                int middle = (low + high) >>> 1;
                if (view.longAt(middle, 0) < timestampMs) {
                    low = middle + 1;
                } else {
                    high = middle - 1;
                }
            }
            return high < 0 ? Entry.NONE : entry(view, high);
        }
    }

    /** The last row whose batch ends below the offset. */
    Entry lastBefore(long offset) throws IOException {
        try (IndexRows.View view = rows.view()) {
            int found = rowBefore(view, offset);
            return found < 0 ? Entry.NONE : entry(view, found);
        }
    }

    Entry lastEntry() throws IOException {
        try (IndexRows.View view = rows.view()) {
            return view.rowCount() == 0 ? Entry.NONE : entry(view, view.rowCount() - 1);
        }
    }

    private long lastTimestampMs() throws IOException {
        try (IndexRows.View view = rows.view()) {
            return view.rowCount() == 0 ? Entry.NONE.timestampMs() : view.longAt(view.rowCount() - 1, 0);
        }
    }

    /** Keeps rows whose batch ends below the offset. Threads: the writer. */
    void truncateTo(long offset) throws IOException {
        int kept;
        try (IndexRows.View view = rows.view()) {
            kept = rowBefore(view, offset) + 1;
        }
        rows.truncate(kept);
    }

    /** True if the rows can be true: timestamps and offsets grow, and none is at or above {@code endOffset}. */
    boolean isPlausible(long endOffset) throws IOException {
        try (IndexRows.View view = rows.view()) {
            long timestampBefore = -1L;
            int offsetBefore = -1;
            for (int i = 0; i < view.rowCount(); i++) {
                long timestampMs = view.longAt(i, 0);
                int offset = view.intAt(i, OFFSET_FIELD);
                if (timestampMs <= timestampBefore
                        || offset < offsetBefore
                        || offset < 0
                        || baseOffset + offset >= endOffset) {
                    return false;
                }
                timestampBefore = timestampMs;
                offsetBefore = offset;
            }
            return true;
        }
    }

    private int rowBefore(IndexRows.View view, long offset) throws IOException {
        int low = 0;
        int high = view.rowCount() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (baseOffset + view.intAt(middle, OFFSET_FIELD) < offset) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return high;
    }

    private Entry entry(IndexRows.View view, int index) throws IOException {
        return new Entry(view.longAt(index, 0), baseOffset + view.intAt(index, OFFSET_FIELD));
    }
}
