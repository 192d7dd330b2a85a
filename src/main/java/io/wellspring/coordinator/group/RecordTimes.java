package io.wellspring.coordinator.group;

import io.wellspring.batch.Batches;
import io.wellspring.batch.FileSlice;
import io.wellspring.batch.RecordBatch;
import io.wellspring.batch.RecordCursor;
import io.wellspring.batch.UnreadableRecordsException;
import io.wellspring.batch.compression.DecompressionBounds;
import io.wellspring.model.IsolationLevel;
import io.wellspring.partition.Partition;
import io.wellspring.partition.ReadOutcome;
import io.wellspring.partition.ReadRequest;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the time of single records. Threads: any that may block on the disk.
 */
final class RecordTimes {
    /** Batches without a record for a reader (compacted away, ends of transactions) that are passed before it is given up. */
    static final int BATCHES_MOST = 100;

    private final DecompressionBounds bounds;

    RecordTimes(DecompressionBounds bounds) {
        this.bounds = bounds;
    }

    /**
     * The time in milliseconds of the first committed record from this offset on: of one that readers get, no end of a transaction.
     *
     * @return null: there is none
     * @throws IOException the log is not to be read, or has too much in it that is no record for a reader
     */
    @Nullable
    Long atOrAfter(Partition partition, long offset) throws IOException {
        long from = Math.max(offset, partition.logStartOffset());
        for (int i = 0; i < BATCHES_MOST; i++) {
            // One batch, however large: the allowance is one byte.
            ReadOutcome outcome =
                    partition.read(new ReadRequest(from, -1, -1, IsolationLevel.READ_UNCOMMITTED, 1, true));
            FileSlice slice = switch (outcome) {
                case ReadOutcome.Refused refused -> throw new IOException("the log is not read: " + refused.reason());
                case ReadOutcome.Records records -> records.records();
            };
            if (slice == null) {
                return null;
            }
            ByteBuffer bytes = contentOf(slice);
            for (RecordBatch batch : Batches.list(bytes)) {
                Long time = batch.isControl() ? null : first(batch, from);
                if (time != null) {
                    return time;
                }
                from = Math.max(from, batch.nextOffset());
            }
        }
        throw new IOException("no record for a reader in " + BATCHES_MOST + " batches");
    }

    private static ByteBuffer contentOf(FileSlice slice) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(slice.sizeBytes());
        try {
            slice.read(bytes, 0);
        } finally {
            slice.release();
        }
        return bytes.flip();
    }

    private @Nullable Long first(RecordBatch batch, long from) throws IOException {
        try (RecordCursor records = RecordCursor.over(batch, bounds)) {
            while (records.next()) {
                if (records.offset() >= from) {
                    return records.timestampMs();
                }
            }
            return null;
        } catch (UnreadableRecordsException unreadable) {
            throw new IOException("the batch at offset " + batch.baseOffset() + " cannot be read", unreadable);
        }
    }
}
