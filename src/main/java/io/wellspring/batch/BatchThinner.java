package io.wellspring.batch;

import io.wellspring.batch.compression.Compression;
import io.wellspring.batch.compression.Compressor;
import io.wellspring.batch.compression.DecompressionBounds;
import io.wellspring.model.TimestampType;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Takes records out of a batch, as compaction does. What stays keeps offset, sequence, time, headers and codec; the batch goes on to cover the same
 * offsets and sequences. The bytes of the records that stay are copied as they are, unless a delete horizon is set: it takes the place of the
 * base timestamp (KIP-534), so that the times are told anew. Threads: one; the buffers are used again for the next batch.
 */
public final class BatchThinner {
    /** The batch gets no delete horizon. */
    public static final long NO_HORIZON = -1L;

    private static final int EXPECTED_BYTES = 16 * 1024;

    private final DecompressionBounds bounds;
    private GrowingOutput records = new GrowingOutput(EXPECTED_BYTES);

    /** @param bounds of what comes out of a compressed batch: it was let into the log once, so they are wide */
    public BatchThinner(DecompressionBounds bounds) {
        this.bounds = bounds;
    }

    /** Says which records stay. */
    @FunctionalInterface
    public interface Choice {
        /** @param record the cursor at the record; nothing of it may be kept */
        boolean stays(RecordCursor record);
    }

    /**
     * What is to be done to one batch.
     *
     * @param choice which records stay
     * @param newHorizonMs the delete horizon that the batch gets if it has none and needs one, ms; {@link #NO_HORIZON}: none
     * @param needsHorizon it needs one although no tombstone stays in it: an end of a transaction of which nothing is left
     * @param keepsEmpty the batch stays without any record: it tells the last sequence of its producer
     */
    public record Task(Choice choice, long newHorizonMs, boolean needsHorizon, boolean keepsEmpty) {}

    /**
     * Does it.
     *
     * @param batch complete, its checksum was compared
     * @return the batch itself if nothing changes, another one in memory of its own, or null if nothing of it stays
     */
    public @Nullable RecordBatch thin(RecordBatch batch, Task task) throws UnreadableRecordsException {
        records.reset();
        int kept = 0;
        boolean hasTombstone = false;
        long maxTimestampMs = RecordBatch.NO_TIMESTAMP;
        try (RecordCursor cursor = RecordCursor.over(batch, bounds)) {
            while (cursor.next()) {
                if (task.choice().stays(cursor)) {
                    ByteBuffer body = cursor.body();
                    records.writeVarint(body.remaining());
                    records.write(body);
                    hasTombstone |= !cursor.hasValue();
                    maxTimestampMs = Math.max(maxTimestampMs, cursor.timestampMs());
                    kept++;
                }
            }
        }
        if (kept == 0) {
            return empty(batch, task);
        }
        boolean setsHorizon =
                task.newHorizonMs() != NO_HORIZON && !batch.hasDeleteHorizon() && (hasTombstone || task.needsHorizon());
        if (kept == batch.recordCount() && !setsHorizon) {
            return batch;
        }
        if (setsHorizon) {
            tellTimesFrom(batch.baseTimestamp(), task.newHorizonMs());
        }
        RecordBatch rebuilt = rebuilt(batch, kept, maxTimestampMs);
        if (setsHorizon) {
            rebuilt.assignDeleteHorizon(task.newHorizonMs());
        }
        return rebuilt;
    }

    private static @Nullable RecordBatch empty(RecordBatch batch, Task task) {
        if (!task.keepsEmpty()) {
            return null;
        }
        if (batch.recordCount() == 0) {
            return batch;
        }
        ByteBuffer header = ByteBuffer.allocate(RecordBatch.HEADER_SIZE_BYTES)
                .put(batch.bytes(RecordBatch.HEADER_SIZE_BYTES))
                .flip();
        int others = batch.attributes() & ~RecordBatch.CODEC_MASK & ~RecordBatch.DELETE_HORIZON_BIT;
        header.putShort(RecordBatch.ATTRIBUTES_POSITION, (short) others);
        header.putLong(RecordBatch.BASE_TIMESTAMP_POSITION, RecordBatch.NO_TIMESTAMP);
        return finished(header, 0);
    }

    /** The deltas of the records that stay count from another time now. */
    private void tellTimesFrom(long before, long now) throws UnreadableRecordsException {
        GrowingOutput told = new GrowingOutput(records.size() + EXPECTED_BYTES);
        RecordInput input = RecordInput.plain(records.buffer());
        while (!input.isExhausted()) {
            long end = input.readVarint() + input.consumed();
            byte attributes = input.readByte();
            long delta = before + input.readVarlong() - now;
            int restSizeBytes = (int) (end - input.consumed());
            told.writeVarint(1 + GrowingOutput.sizeOfVarlong(delta) + restSizeBytes);
            told.write(attributes);
            told.writeVarlong(delta);
            told.write(input.slice(input.position(), restSizeBytes));
            input.skip(restSizeBytes);
        }
        records = told;
    }

    private RecordBatch rebuilt(RecordBatch batch, int kept, long maxTimestampMs) {
        GrowingOutput output = new GrowingOutput(RecordBatch.HEADER_SIZE_BYTES + records.size());
        output.write(batch.bytes(RecordBatch.HEADER_SIZE_BYTES));
        try (OutputStream stream = Compressor.over(output, Compression.of(batch.compression()))) {
            records.writeTo(stream, 0);
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail", e);
        }
        ByteBuffer bytes = output.buffer();
        if (batch.timestampType() == TimestampType.CREATE_TIME) {
            bytes.putLong(RecordBatch.MAX_TIMESTAMP_POSITION, maxTimestampMs);
        }
        return finished(bytes, kept);
    }

    private static RecordBatch finished(ByteBuffer bytes, int recordCount) {
        bytes.putInt(RecordBatch.LENGTH_POSITION, bytes.limit() - RecordBatch.LENGTH_OVERHEAD_BYTES);
        bytes.putInt(RecordBatch.RECORD_COUNT_POSITION, recordCount);
        RecordBatch batch = RecordBatch.at(bytes, 0);
        batch.assignCrc();
        return batch;
    }
}
