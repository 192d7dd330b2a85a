package io.wellspring.partition;

import io.wellspring.batch.BatchBuilder;
import io.wellspring.batch.Batches;
import io.wellspring.batch.FileSlice;
import io.wellspring.batch.RecordBatch;
import io.wellspring.batch.RecordCursor;
import io.wellspring.batch.UnreadableRecordsException;
import io.wellspring.batch.compression.DecompressionBounds;
import io.wellspring.log.LogRead;
import io.wellspring.log.PartitionLog;
import io.wellspring.topic.CatalogEvent;
import io.wellspring.topic.CatalogEvents;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Catalog events as the records of their partition: one JSON value each, without a key. Threads: any.
 */
final class CatalogRecords {
    /** Batches end when they have grown past this. */
    private static final int BATCH_SIZE_BYTES = 512 * 1024;

    private static final int READ_SIZE_BYTES = 1 << 20;

    private CatalogRecords() {}

    /** The events as batches, position 0 to limit. */
    static ByteBuffer encode(List<CatalogEvent> events, long nowMs) {
        List<ByteBuffer> batches = new ArrayList<>(1);
        BatchBuilder builder = new BatchBuilder();
        int size = 0;
        for (CatalogEvent event : events) {
            if (builder.recordCount() > 0 && builder.uncompressedSizeBytes() > BATCH_SIZE_BYTES) {
                batches.add(builder.build());
                builder = new BatchBuilder();
            }
            builder.append(nowMs, null, CatalogEvents.encode(event));
        }
        batches.add(builder.build());
        for (ByteBuffer batch : batches) {
            size += batch.remaining();
        }
        ByteBuffer all = ByteBuffer.allocate(size);
        batches.forEach(all::put);
        return all.flip();
    }

    /** All events that the log holds, in order. Reads the disk. */
    static List<CatalogEvent> readAll(PartitionLog log) throws IOException {
        List<CatalogEvent> events = new ArrayList<>();
        long offset = log.startOffset();
        while (offset < log.endOffset()) {
            LogRead read = log.read(offset, log.endOffset(), READ_SIZE_BYTES, true);
            FileSlice slice = read.slice();
            if (slice == null) {
                throw new IOException("the catalog cannot be read at offset " + offset + " of " + log.endOffset());
            }
            ByteBuffer bytes = ByteBuffer.allocate(slice.sizeBytes());
            try {
                slice.read(bytes, 0);
            } finally {
                slice.release();
            }
            bytes.flip();
            for (RecordBatch batch : Batches.list(bytes)) {
                if (batch.lastOffset() >= offset) {
                    decode(batch, offset, events);
                    offset = batch.nextOffset();
                }
            }
        }
        return events;
    }

    private static void decode(RecordBatch batch, long from, List<CatalogEvent> events) throws IOException {
        if (batch.isControl()) {
            return;
        }
        if (!batch.isCrcValid()) {
            throw new IOException("the catalog is damaged: checksum of the batch at offset " + batch.baseOffset());
        }
        try (RecordCursor records = RecordCursor.over(batch, DecompressionBounds.STORED)) {
            while (records.next()) {
                ByteBuffer value = records.value();
                if (value != null && records.offset() >= from) {
                    byte[] json = new byte[value.remaining()];
                    value.get(json);
                    events.add(CatalogEvents.decode(json));
                }
            }
        } catch (UnreadableRecordsException unreadable) {
            throw new IOException("the catalog is damaged at offset " + batch.baseOffset(), unreadable);
        }
    }
}
