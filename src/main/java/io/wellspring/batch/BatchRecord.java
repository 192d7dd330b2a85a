package io.wellspring.batch;

import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One record as a value, for the catalog, tools and tests; hot paths use {@link RecordCursor}. Key, value and header
 * values are position to limit; of an uncompressed batch they share its buffer. Threads: as safe as the buffers.
 *
 * @param timestampMs what a consumer sees: the producer's time, or the broker's if the batch has the broker's
 * @param sequence of the idempotent producer, -1 without
 */
public record BatchRecord(
        long offset,
        long timestampMs,
        int sequence,
        @Nullable ByteBuffer key,
        @Nullable ByteBuffer value,
        List<RecordHeader> headers) {
    public BatchRecord {
        headers = List.copyOf(headers);
    }
}
