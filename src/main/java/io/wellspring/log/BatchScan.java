package io.wellspring.log;

import io.wellspring.batch.RecordBatch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Walks over the batches of a part of a segment file, reading through one window. It trusts no byte: a header that cannot be true ends the walk
 * with a {@link #problem}. Threads: one.
 */
final class BatchScan {
    /** For finding a batch inside an index interval: mostly one read. */
    static final int SMALL_WINDOW_BYTES = 8 << 10;

    /** For reading a segment from one end to the other. */
    static final int LARGE_WINDOW_BYTES = 1 << 20;

    private final LogFile file;
    private final long endPosition;
    private final ByteBuffer window;
    private long windowPosition;
    private long position;
    private long nextPosition;
    private @Nullable String problem;

    /**
     * @param position where a batch begins, byte of the file
     * @param endPosition nothing is read from here on
     */
    BatchScan(LogFile file, long position, long endPosition, int windowBytes) {
        this.file = file;
        this.endPosition = endPosition;
        long wanted = Math.clamp(endPosition - position, RecordBatch.HEADER_SIZE_BYTES, windowBytes);
        this.window = ByteBuffer.allocate((int) wanted).limit(0);
        this.windowPosition = position;
        this.nextPosition = position;
    }

    /**
     * The next batch: its header at least; its records too if the window holds them. The view is good until the next call.
     *
     * @return null at the end, or if the bytes that follow are not a batch: then there is a {@link #problem}
     */
    @Nullable
    RecordBatch next() throws IOException {
        if (nextPosition >= endPosition || problem != null) {
            return null;
        }
        position = nextPosition;
        if (endPosition - position < RecordBatch.HEADER_SIZE_BYTES) {
            problem = "only " + (endPosition - position) + " bytes where a batch header should be";
            return null;
        }
        if (!ensure(RecordBatch.HEADER_SIZE_BYTES)) {
            return null;
        }
        RecordBatch batch = current();
        problem = HeaderCheck.problem(batch, endPosition - position);
        if (problem != null) {
            return null;
        }
        if (batch.isControl() && batch.sizeBytes() <= window.capacity()) {
            // Whoever replays state wants to see what a marker says.
            if (!ensure(batch.sizeBytes())) {
                return null;
            }
            batch = current();
        }
        nextPosition = position + batch.sizeBytes();
        return batch;
    }

    /** Byte of the file where the batch given last begins; where the walk ended if it ended with a problem. */
    long position() {
        return position;
    }

    /** Byte of the file after the batch given last. */
    long nextPosition() {
        return nextPosition;
    }

    /** Why the walk ended before the end; null if it did not. */
    @Nullable
    String problem() {
        return problem;
    }

    /** Where the batch given last lies. */
    BatchPlace place(RecordBatch batch) {
        return new BatchPlace(batch.baseOffset(), batch.nextOffset(), position, nextPosition);
    }

    /**
     * Reads all of the batch given last, window by window, and compares its CRC32C.
     *
     * @return false if it is wrong or the file is shorter than it
     */
    boolean isCrcValid() throws IOException {
        if (!ensure(RecordBatch.HEADER_SIZE_BYTES)) {
            return false;
        }
        long stored = current().crc();
        CRC32C crc = new CRC32C();
        long at = position + HeaderCheck.CRC_START;
        while (at < nextPosition) {
            int from = (int) (at - windowPosition);
            if (from < 0 || from >= window.limit()) {
                if (!load(at)) {
                    return false;
                }
                from = 0;
            }
            int count = (int) Math.min(window.limit() - from, nextPosition - at);
            crc.update(window.slice(from, count));
            at += count;
        }
        return crc.getValue() == stored;
    }

    /** The header of the batch given last, in the window again if a CRC check has moved it. */
    RecordBatch reload() throws IOException {
        int wanted = (int) Math.min(nextPosition - position, window.capacity());
        if (!ensure(wanted) && !ensure(RecordBatch.HEADER_SIZE_BYTES)) {
            throw new IOException("the file became shorter while it was read: " + file.path());
        }
        return current();
    }

    private RecordBatch current() {
        return RecordBatch.at(window, (int) (position - windowPosition));
    }

    /** Has this many bytes from {@link #position} on in the window. */
    private boolean ensure(int bytes) throws IOException {
        if (position >= windowPosition && position + bytes <= windowPosition + window.limit()) {
            return true;
        }
        if (!load(position) || window.limit() < bytes) {
            problem = "the file ends inside a batch";
            return false;
        }
        return true;
    }

    private boolean load(long from) throws IOException {
        window.clear().limit((int) Math.min(window.capacity(), endPosition - from));
        int count = file.read(window, from);
        window.position(0).limit(Math.max(count, 0));
        windowPosition = from;
        return count > 0;
    }
}
