package io.wellspring.batch;

import io.wellspring.batch.compression.Compression;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Builds one batch of format version 2; the bytes are those Kafka's producer writes for the same records. Settings come
 * before the first record. Threads: one.
 */
public final class BatchBuilder {
    /** Base offset 0, no producer, producer's times, uncompressed. */
    public BatchBuilder() {}

    public BatchBuilder compression(Compression compression) {
        throw new UnsupportedOperationException("skeleton");
    }

    public BatchBuilder baseOffset(long baseOffset) {
        throw new UnsupportedOperationException("skeleton");
    }

    public BatchBuilder leaderEpoch(int leaderEpoch) {
        throw new UnsupportedOperationException("skeleton");
    }

    /** The batch has the broker's time instead of the producer's. */
    public BatchBuilder logAppendTime(long logAppendTimeMs) {
        throw new UnsupportedOperationException("skeleton");
    }

    public BatchBuilder producer(long producerId, short producerEpoch, int baseSequence) {
        throw new UnsupportedOperationException("skeleton");
    }

    public BatchBuilder transactional() {
        throw new UnsupportedOperationException("skeleton");
    }

    public BatchBuilder control() {
        throw new UnsupportedOperationException("skeleton");
    }

    /** For the compaction: when the batch's tombstones and markers may go. */
    public BatchBuilder deleteHorizon(long deleteHorizonMs) {
        throw new UnsupportedOperationException("skeleton");
    }

    /** For the compaction: the batch goes on to cover offsets up to here although records are missing; it may be empty. */
    public BatchBuilder lastOffset(long lastOffset) {
        throw new UnsupportedOperationException("skeleton");
    }

    /** Appends at the offset after the last. */
    public BatchBuilder append(
            long timestampMs, @Nullable ByteBuffer key, @Nullable ByteBuffer value, List<RecordHeader> headers) {
        throw new UnsupportedOperationException("skeleton");
    }

    public BatchBuilder append(long timestampMs, byte @Nullable [] key, byte @Nullable [] value) {
        throw new UnsupportedOperationException("skeleton");
    }

    /** Appends at this offset, which lies after the last; leaves a gap, which only compaction may do. */
    public BatchBuilder appendAt(
            long offset,
            long timestampMs,
            @Nullable ByteBuffer key,
            @Nullable ByteBuffer value,
            List<RecordHeader> headers) {
        throw new UnsupportedOperationException("skeleton");
    }

    public int recordCount() {
        throw new UnsupportedOperationException("skeleton");
    }

    /** Size of the batch if it were built now without compression. */
    public int uncompressedSizeBytes() {
        throw new UnsupportedOperationException("skeleton");
    }

    /** The batch, position 0 to limit, in a buffer of its own. The builder is spent then. */
    public ByteBuffer build() {
        throw new UnsupportedOperationException("skeleton");
    }
}
