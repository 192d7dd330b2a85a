package io.wellspring.partition;

import io.wellspring.batch.RecordBatch;
import java.nio.ByteBuffer;

/** Batches with right headers and checksums whose records are opaque bytes: what lies below validation looks no deeper. */
final class TestBatches {
    static final long NO_PRODUCER = RecordBatch.NO_PRODUCER_ID;
    private static final int PAYLOAD_SIZE_BYTES = 7;
    private static final int ATTRIBUTES_POSITION = 21;
    private static final int CRC_POSITION = 17;
    static final short TRANSACTIONAL = 0x10;
    static final short CONTROL = 0x20;

    private TestBatches() {}

    /** Without a producer. */
    static RecordBatch plain(int recordCount) {
        return batch(NO_PRODUCER, RecordBatch.NO_PRODUCER_EPOCH, RecordBatch.NO_SEQUENCE, recordCount, (short) 0);
    }

    static RecordBatch of(long producerId, int epoch, int baseSequence, int recordCount) {
        return batch(producerId, (short) epoch, baseSequence, recordCount, (short) 0);
    }

    static RecordBatch transactional(long producerId, int epoch, int baseSequence, int recordCount) {
        return batch(producerId, (short) epoch, baseSequence, recordCount, TRANSACTIONAL);
    }

    static RecordBatch marker(long producerId, int epoch) {
        return batch(producerId, (short) epoch, RecordBatch.NO_SEQUENCE, 1, (short) (TRANSACTIONAL | CONTROL));
    }

    private static RecordBatch batch(
            long producerId, short epoch, int baseSequence, int recordCount, short attributes) {
        return sized(producerId, epoch, baseSequence, recordCount, attributes, PAYLOAD_SIZE_BYTES);
    }

    /** Without a producer, one record, of this size in all. */
    static RecordBatch large(int sizeBytes) {
        return sized(
                NO_PRODUCER,
                RecordBatch.NO_PRODUCER_EPOCH,
                RecordBatch.NO_SEQUENCE,
                1,
                (short) 0,
                sizeBytes - RecordBatch.HEADER_SIZE_BYTES);
    }

    private static RecordBatch sized(
            long producerId, short epoch, int baseSequence, int recordCount, short attributes, int payloadBytes) {
        ByteBuffer buffer = ByteBuffer.allocate(RecordBatch.HEADER_SIZE_BYTES + payloadBytes);
        buffer.putLong(0L)
                .putInt(buffer.capacity() - RecordBatch.LENGTH_OVERHEAD_BYTES)
                .putInt(-1)
                .put(RecordBatch.MAGIC)
                .putInt(0)
                .putShort(attributes)
                .putInt(recordCount - 1)
                .putLong(1_000L)
                .putLong(1_000L)
                .putLong(producerId)
                .putShort(epoch)
                .putInt(baseSequence)
                .putInt(recordCount);
        java.util.zip.CRC32C crc = new java.util.zip.CRC32C();
        crc.update(buffer.slice(ATTRIBUTES_POSITION, buffer.capacity() - ATTRIBUTES_POSITION));
        buffer.putInt(CRC_POSITION, (int) crc.getValue());
        return RecordBatch.at(buffer.position(0), 0);
    }

    /** The batch as if it lay in a log at this offset. */
    static RecordBatch at(long baseOffset, RecordBatch batch) {
        batch.assignBaseOffset(baseOffset);
        return batch;
    }
}
