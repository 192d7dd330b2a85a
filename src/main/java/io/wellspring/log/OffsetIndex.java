package io.wellspring.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * Where some batches of a segment lie, in Kafka's {@code .index} format: rows of 8 bytes, big-endian,
 *
 * <pre>
 *   0 relative offset  int32  last offset of a batch, less the segment's base offset
 *   4 position         int32  byte of the .log file where that batch begins
 * </pre>
 *
 * both growing from row to row. Example: base offset 100, a batch with offsets 140..149 at byte 5000: {@code 00000031 00001388}.
 *
 * <p>Threads: one writer, any readers. What survives a crash: see {@link IndexRows}.
 */
final class OffsetIndex {
    static final int ROW_SIZE_BYTES = 8;
    private static final int POSITION_FIELD = 4;

    /**
     * @param lastOffset last offset of the batch at {@code position}; -1: no row, {@code position} is the segment's beginning
     * @param position byte of the segment
     */
    record Entry(long lastOffset, int position) {
        static final Entry NONE = new Entry(-1L, 0);
    }

    private final long baseOffset;
    private final IndexRows rows;
    private final ByteBuffer row = ByteBuffer.allocate(ROW_SIZE_BYTES);

    OffsetIndex(long baseOffset, IndexRows rows) {
        this.baseOffset = baseOffset;
        this.rows = rows;
    }

    static IndexRows rows(LogFiles files, OpenFiles openFiles, Path path, int rowCount) {
        return new IndexRows(files, openFiles, path, ROW_SIZE_BYTES, rowCount);
    }

    IndexRows rows() {
        return rows;
    }

    /** Adds a row; its offset and position are larger than those of the row before. Threads: the writer. */
    void append(long lastOffset, int position) {
        rows.append(row.putInt(0, Math.toIntExact(lastOffset - baseOffset)).putInt(POSITION_FIELD, position));
    }

    /** The last row whose offset is at most {@code offset}: scan from there on. */
    Entry lookup(long offset) throws IOException {
        return last(0, Math.min(offset - baseOffset, Integer.MAX_VALUE));
    }

    /** The last row whose position is at most {@code position}. */
    Entry lookupPosition(long position) throws IOException {
        return last(POSITION_FIELD, Math.min(position, Integer.MAX_VALUE));
    }

    /** The last row. */
    Entry lastEntry() throws IOException {
        try (IndexRows.View view = rows.view()) {
            return view.rowCount() == 0 ? Entry.NONE : entry(view, view.rowCount() - 1);
        }
    }

    /** Keeps rows whose batch lies below the position. Threads: the writer. */
    void truncateToPosition(long position) throws IOException {
        int kept;
        try (IndexRows.View view = rows.view()) {
            kept = position == 0 ? 0 : rowOf(view, POSITION_FIELD, position - 1) + 1;
        }
        rows.truncate(kept);
    }

    /**
     * True if the rows can be true of a segment of this size: both columns grow, nothing lies outside. The file's length was checked to be
     * whole rows before.
     */
    boolean isPlausible(long segmentSizeBytes, long endOffset) throws IOException {
        try (IndexRows.View view = rows.view()) {
            int offsetBefore = -1;
            int positionBefore = -1;
            for (int i = 0; i < view.rowCount(); i++) {
                int offset = view.intAt(i, 0);
                int position = view.intAt(i, POSITION_FIELD);
                if (offset <= offsetBefore
                        || position <= positionBefore
                        || position >= segmentSizeBytes
                        || baseOffset + offset >= endOffset) {
                    return false;
                }
                offsetBefore = offset;
                positionBefore = position;
            }
            return true;
        }
    }

    private Entry last(int field, long wanted) throws IOException {
        try (IndexRows.View view = rows.view()) {
            int found = rowOf(view, field, wanted);
            return found < 0 ? Entry.NONE : entry(view, found);
        }
    }

    private Entry entry(IndexRows.View view, int index) throws IOException {
        return new Entry(baseOffset + view.intAt(index, 0), view.intAt(index, POSITION_FIELD));
    }

    /** The last row whose field is at most {@code wanted}; -1: none. Looks at the tail in memory first, where most readers read. */
    private static int rowOf(IndexRows.View view, int field, long wanted) throws IOException {
        int low = 0;
        int high = view.rowCount() - 1;
        int tail = view.firstTailRow();
        if (tail <= high) {
            if (view.intAt(tail, field) <= wanted) {
                low = tail;
            } else {
                high = tail - 1;
            }
        }
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (view.intAt(middle, field) <= wanted) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return high;
    }
}
