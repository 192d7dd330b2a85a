package io.wellspring.batch;

import io.wellspring.batch.compression.Compression;
import io.wellspring.batch.compression.Compressor;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Builds one batch of format version 2; the bytes are those Kafka's producer writes for the same records. Settings come
 * before the first record. Threads: one.
 */
public final class BatchBuilder {
    private static final int EXPECTED_BYTES = 512;
    private static final short CONTROL_VERSION = 0;
    private static final short ABORT_TYPE = 0;
    private static final short COMMIT_TYPE = 1;

    private final GrowingOutput output = new GrowingOutput(EXPECTED_BYTES);
    private Compression compression = Compression.NONE;
    private long baseOffset;
    private int leaderEpoch = RecordBatch.NO_LEADER_EPOCH;
    private long logAppendTimeMs = RecordBatch.NO_TIMESTAMP;
    private long producerId = RecordBatch.NO_PRODUCER_ID;
    private short producerEpoch = RecordBatch.NO_PRODUCER_EPOCH;
    private int baseSequence = RecordBatch.NO_SEQUENCE;
    private int flags;
    private long baseTimestampMs = RecordBatch.NO_TIMESTAMP;
    private boolean baseTimestampKnown;
    private long maxTimestampMs = RecordBatch.NO_TIMESTAMP;
    private long lastOffset = -1;
    private int recordCount;
    private boolean spent;

    /** Base offset 0, no producer, producer's times, uncompressed. */
    public BatchBuilder() {
        output.skip(RecordBatch.HEADER_SIZE_BYTES);
    }

    public BatchBuilder compression(Compression value) {
        requireFresh();
        compression = value;
        return this;
    }

    public BatchBuilder baseOffset(long value) {
        requireFresh();
        baseOffset = value;
        lastOffset = value - 1;
        return this;
    }

    public BatchBuilder leaderEpoch(int value) {
        leaderEpoch = value;
        return this;
    }

    /** The batch has the broker's time instead of the producer's. */
    public BatchBuilder logAppendTime(long value) {
        logAppendTimeMs = value;
        flags |= RecordBatch.TIMESTAMP_TYPE_BIT;
        return this;
    }

    public BatchBuilder producer(long id, short epoch, int sequence) {
        producerId = id;
        producerEpoch = epoch;
        baseSequence = sequence;
        return this;
    }

    public BatchBuilder transactional() {
        flags |= RecordBatch.TRANSACTIONAL_BIT;
        return this;
    }

    public BatchBuilder control() {
        flags |= RecordBatch.CONTROL_BIT;
        return this;
    }

    /** For the compaction: when the batch's tombstones and markers may go. */
    public BatchBuilder deleteHorizon(long deleteHorizonMs) {
        requireFresh();
        flags |= RecordBatch.DELETE_HORIZON_BIT;
        // KIP-534: the horizon stands where the base timestamp stood, and the deltas count from it.
        baseTimestampMs = deleteHorizonMs;
        baseTimestampKnown = true;
        return this;
    }

    /** For the compaction: the batch goes on to cover offsets up to here although records are missing; it may be empty. */
    public BatchBuilder lastOffset(long value) {
        if (value < lastOffset || value < baseOffset) {
            throw new IllegalArgumentException("the last offset " + value + " lies before the records");
        }
        lastOffset = value;
        return this;
    }

    /** Appends at the offset after the last. */
    public BatchBuilder append(
            long timestampMs, @Nullable ByteBuffer key, @Nullable ByteBuffer value, List<RecordHeader> headers) {
        return appendAt(lastOffset + 1, timestampMs, key, value, headers);
    }

    public BatchBuilder append(long timestampMs, byte @Nullable [] key, byte @Nullable [] value) {
        return append(
                timestampMs,
                key == null ? null : ByteBuffer.wrap(key),
                value == null ? null : ByteBuffer.wrap(value),
                List.of());
    }

    /** Appends the marker that ends a transaction (KIP-98); the batch becomes a control batch. */
    public BatchBuilder appendEndOfTransaction(long timestampMs, boolean committed, int coordinatorEpoch) {
        ByteBuffer key = ByteBuffer.allocate(2 * Short.BYTES)
                .putShort(CONTROL_VERSION)
                .putShort(committed ? COMMIT_TYPE : ABORT_TYPE)
                .flip();
        ByteBuffer value = ByteBuffer.allocate(Short.BYTES + Integer.BYTES)
                .putShort(CONTROL_VERSION)
                .putInt(coordinatorEpoch)
                .flip();
        return control().transactional().append(timestampMs, key, value, List.of());
    }

    /** Appends at this offset, which lies after the last; leaves a gap, which only compaction may do. */
    public BatchBuilder appendAt(
            long offset,
            long timestampMs,
            @Nullable ByteBuffer key,
            @Nullable ByteBuffer value,
            List<RecordHeader> headers) {
        if (spent || offset <= lastOffset || offset - baseOffset > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("offset " + offset + " does not follow " + lastOffset
                    + " in a batch from " + baseOffset + ", or the batch was built");
        }
        if (!baseTimestampKnown) {
            baseTimestampMs = timestampMs;
            baseTimestampKnown = true;
        }
        int offsetDelta = (int) (offset - baseOffset);
        long timestampDelta = timestampMs - baseTimestampMs;
        output.writeVarint(bodySize(offsetDelta, timestampDelta, key, value, headers));
        output.write(0);
        output.writeVarlong(timestampDelta);
        output.writeVarint(offsetDelta);
        writeNullable(key);
        writeNullable(value);
        output.writeVarint(headers.size());
        for (RecordHeader header : headers) {
            byte[] headerKey = header.key().getBytes(StandardCharsets.UTF_8);
            output.writeVarint(headerKey.length);
            output.write(headerKey, 0, headerKey.length);
            writeNullable(header.value());
        }
        maxTimestampMs = Math.max(maxTimestampMs, timestampMs);
        lastOffset = offset;
        recordCount++;
        return this;
    }

    private static int bodySize(
            int offsetDelta,
            long timestampDelta,
            @Nullable ByteBuffer key,
            @Nullable ByteBuffer value,
            List<RecordHeader> headers) {
        long size = 1L + GrowingOutput.sizeOfVarlong(timestampDelta) + GrowingOutput.sizeOfVarint(offsetDelta);
        size += nullableSize(key) + nullableSize(value) + GrowingOutput.sizeOfVarint(headers.size());
        for (RecordHeader header : headers) {
            int keySize = header.key().getBytes(StandardCharsets.UTF_8).length;
            size += GrowingOutput.sizeOfVarint(keySize) + keySize + nullableSize(header.value());
        }
        return Math.toIntExact(size);
    }

    private static long nullableSize(@Nullable ByteBuffer bytes) {
        return bytes == null ? 1 : (long) GrowingOutput.sizeOfVarint(bytes.remaining()) + bytes.remaining();
    }

    private void writeNullable(@Nullable ByteBuffer bytes) {
        if (bytes == null) {
            output.writeVarint(-1);
        } else {
            output.writeVarint(bytes.remaining());
            output.write(bytes);
        }
    }

    public int recordCount() {
        return recordCount;
    }

    /** Size of the batch if it were built now without compression. */
    public int uncompressedSizeBytes() {
        return output.size();
    }

    /**
     * The batch, position 0 to limit, in a buffer of its own. The builder is spent then.
     *
     * @throws IllegalStateException if there is neither a record nor a last offset
     */
    public ByteBuffer build() {
        if (spent || lastOffset < baseOffset) {
            throw new IllegalStateException("the batch was built already or has no records");
        }
        spent = true;
        GrowingOutput built = recordCount == 0 ? output : compress(output, compression);
        ByteBuffer batch = built.buffer();
        batch.putLong(0, baseOffset);
        batch.putInt(RecordBatch.LENGTH_POSITION, built.size() - RecordBatch.LENGTH_OVERHEAD_BYTES);
        batch.putInt(RecordBatch.LEADER_EPOCH_POSITION, leaderEpoch);
        batch.put(RecordBatch.MAGIC_POSITION, RecordBatch.MAGIC);
        int codec = recordCount == 0 ? 0 : compression.type().id();
        batch.putShort(RecordBatch.ATTRIBUTES_POSITION, (short) (flags | codec));
        batch.putInt(RecordBatch.LAST_OFFSET_DELTA_POSITION, (int) (lastOffset - baseOffset));
        batch.putLong(RecordBatch.BASE_TIMESTAMP_POSITION, baseTimestampMs);
        boolean brokersTime = (flags & RecordBatch.TIMESTAMP_TYPE_BIT) != 0;
        batch.putLong(RecordBatch.MAX_TIMESTAMP_POSITION, brokersTime ? logAppendTimeMs : maxTimestampMs);
        batch.putLong(RecordBatch.PRODUCER_ID_POSITION, producerId);
        batch.putShort(RecordBatch.PRODUCER_EPOCH_POSITION, producerEpoch);
        batch.putInt(RecordBatch.BASE_SEQUENCE_POSITION, baseSequence);
        batch.putInt(RecordBatch.RECORD_COUNT_POSITION, recordCount);
        RecordBatch.at(batch, 0).assignCrc();
        return batch;
    }

    private static GrowingOutput compress(GrowingOutput plain, Compression compression) {
        if (compression.equals(Compression.NONE)) {
            return plain;
        }
        GrowingOutput compressed = new GrowingOutput(RecordBatch.HEADER_SIZE_BYTES + plain.size() / 2);
        compressed.skip(RecordBatch.HEADER_SIZE_BYTES);
        try (OutputStream stream = Compressor.over(compressed, compression)) {
            plain.writeTo(stream, RecordBatch.HEADER_SIZE_BYTES);
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail", e);
        }
        return compressed;
    }

    private void requireFresh() {
        if (recordCount > 0) {
            throw new IllegalStateException("settings come before the first record");
        }
    }
}
