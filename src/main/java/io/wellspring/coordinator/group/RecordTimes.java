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

/** Reads the time of single records. Threads: any that may block on the disk. */
final class RecordTimes {
    private final DecompressionBounds bounds;

    RecordTimes(DecompressionBounds bounds) {
        this.bounds = bounds;
    }

    /** The time in milliseconds of the first committed record from this offset on, null if there is none or the log is not to be read. */
    @Nullable
    Long atOrAfter(Partition partition, long offset) throws IOException {
        // One batch, however large: the allowance is one byte.
        long from = Math.max(offset, partition.logStartOffset());
        ReadOutcome outcome = partition.read(new ReadRequest(from, -1, -1, IsolationLevel.READ_UNCOMMITTED, 1, true));
        return switch (outcome) {
            case ReadOutcome.Refused _ -> null;
            case ReadOutcome.Records records -> {
                FileSlice slice = records.records();
                yield slice == null ? null : first(slice, from);
            }
        };
    }

    private @Nullable Long first(FileSlice slice, long from) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(slice.sizeBytes());
        try {
            slice.read(bytes, 0);
        } finally {
            slice.release();
        }
        for (RecordBatch batch : Batches.list(bytes.flip())) {
            try (RecordCursor records = RecordCursor.over(batch, bounds)) {
                while (records.next()) {
                    if (records.offset() >= from) {
                        return records.timestampMs();
                    }
                }
            } catch (UnreadableRecordsException unreadable) {
                throw new IOException("the batch at offset " + batch.baseOffset() + " cannot be read", unreadable);
            }
        }
        return null;
    }
}
