package io.wellspring.batch;

import io.wellspring.batch.compression.DecompressionBounds;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Walks the records of one batch without an object per record. What the accessors give belongs to the record of the last
 * {@link #next}; buffers they give are valid until the next call of {@link #next} or {@link #close}. Threads: one.
 */
public final class RecordCursor implements AutoCloseable {
    private RecordCursor() {}

    /**
     * A cursor before the first record. Close it: it may hold the memory of a decompressor.
     *
     * @param batch {@link RecordBatch#isComplete complete}; its CRC is not looked at
     */
    public static RecordCursor over(RecordBatch batch, DecompressionBounds bounds) throws UnreadableRecordsException {
        throw new UnsupportedOperationException("skeleton");
    }

    /** All records as values; key, value and headers stay valid. */
    public static List<BatchRecord> records(RecordBatch batch, DecompressionBounds bounds)
            throws UnreadableRecordsException {
        throw new UnsupportedOperationException("skeleton");
    }

    /** Goes to the next record; false after the last, when nothing more than the declared records was found. */
    public boolean next() throws UnreadableRecordsException {
        throw new UnsupportedOperationException("skeleton");
    }

    public int offsetDelta() {
        throw new UnsupportedOperationException("skeleton");
    }

    public long offset() {
        throw new UnsupportedOperationException("skeleton");
    }

    public long timestampDelta() {
        throw new UnsupportedOperationException("skeleton");
    }

    /** What a consumer sees: the batch's time if the broker set it, else the producer's. */
    public long timestampMs() {
        throw new UnsupportedOperationException("skeleton");
    }

    /** Sequence of the record, -1 without an idempotent producer. */
    public int sequence() {
        throw new UnsupportedOperationException("skeleton");
    }

    /** Bytes of the record, its length field included. */
    public int sizeBytes() {
        throw new UnsupportedOperationException("skeleton");
    }

    public boolean hasKey() {
        return keySizeBytes() >= 0;
    }

    /** -1: null. */
    public int keySizeBytes() {
        throw new UnsupportedOperationException("skeleton");
    }

    public boolean hasValue() {
        return valueSizeBytes() >= 0;
    }

    /** -1: null, in a compacted topic a tombstone. */
    public int valueSizeBytes() {
        throw new UnsupportedOperationException("skeleton");
    }

    public @Nullable ByteBuffer key() {
        throw new UnsupportedOperationException("skeleton");
    }

    public @Nullable ByteBuffer value() {
        throw new UnsupportedOperationException("skeleton");
    }

    public int headerCount() {
        throw new UnsupportedOperationException("skeleton");
    }

    /** Decoded at each call. */
    public List<RecordHeader> headers() throws UnreadableRecordsException {
        throw new UnsupportedOperationException("skeleton");
    }

    /** The record as a value that stays valid. */
    public BatchRecord toRecord() throws UnreadableRecordsException {
        throw new UnsupportedOperationException("skeleton");
    }

    @Override
    public void close() {}
}
