package io.wellspring.log;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Kafka's {@code .snapshot} file: the state of idempotent producers as of the offset in its name (Kafka's {@code ProducerSnapshot}
 * schema, version 1). All numbers are big-endian:
 *
 * <pre>
 *   0 version                 int16   1
 *   2 crc                     uint32  CRC32C of everything from byte 6 to the end
 *   6 count                   int32   entries that follow
 *  10 entries, 46 bytes each:
 *      0 producerId           int64
 *      8 producerEpoch        int16
 *     10 lastSequence         int32
 *     14 lastOffset           int64
 *     22 offsetDelta          int32
 *     26 timestamp            int64
 *     34 coordinatorEpoch     int32
 *     38 currentTxnFirstOffset int64
 * </pre>
 *
 * The file is derived from the log: one that is torn is left aside and the state is rebuilt. Threads: any.
 */
public final class ProducerSnapshot {
    private static final short VERSION = 1;
    private static final int CRC_POSITION = 2;
    private static final int COUNT_POSITION = 6;
    private static final int ENTRIES_POSITION = 10;
    private static final int ENTRY_SIZE_BYTES = 46;

    private ProducerSnapshot() {}

    /**
     * One producer (Kafka's {@code ProducerSnapshot} schema, version 1).
     *
     * @param producerId its id
     * @param producerEpoch its epoch
     * @param lastSequence sequence of its last record, -1: none
     * @param lastOffset offset of its last record, -1: none
     * @param offsetDelta records of its last batch, less one
     * @param timestampMs max timestamp of its last batch
     * @param coordinatorEpoch epoch of the last transaction marker, -1: none
     * @param currentTransactionFirstOffset first offset of its open transaction, -1: none
     */
    public record Entry(
            long producerId,
            short producerEpoch,
            int lastSequence,
            long lastOffset,
            int offsetDelta,
            long timestampMs,
            int coordinatorEpoch,
            long currentTransactionFirstOffset) {}

    /** The whole file, position 0. */
    static ByteBuffer encode(List<Entry> entries) {
        ByteBuffer file = ByteBuffer.allocate(ENTRIES_POSITION + ENTRY_SIZE_BYTES * entries.size());
        file.putShort(VERSION).putInt(0).putInt(entries.size());
        for (Entry entry : entries) {
            file.putLong(entry.producerId())
                    .putShort(entry.producerEpoch())
                    .putInt(entry.lastSequence())
                    .putLong(entry.lastOffset())
                    .putInt(entry.offsetDelta())
                    .putLong(entry.timestampMs())
                    .putInt(entry.coordinatorEpoch())
                    .putLong(entry.currentTransactionFirstOffset());
        }
        file.flip();
        file.putInt(CRC_POSITION, crcOf(file));
        return file;
    }

    /**
     * Reads a whole file.
     *
     * @param file position 0 to limit; not moved
     * @return null if it is torn, damaged, too long or of another version
     */
    static @Nullable List<Entry> decode(ByteBuffer file) {
        if (file.limit() < ENTRIES_POSITION
                || file.getShort(0) != VERSION
                || file.getInt(CRC_POSITION) != crcOf(file)
                || file.getInt(COUNT_POSITION) < 0
                || file.limit() != ENTRIES_POSITION + (long) ENTRY_SIZE_BYTES * file.getInt(COUNT_POSITION)) {
            return null;
        }
        int count = file.getInt(COUNT_POSITION);
        List<Entry> entries = new ArrayList<>(count);
        ByteBuffer cursor = file.duplicate().position(ENTRIES_POSITION);
        for (int i = 0; i < count; i++) {
            entries.add(new Entry(
                    cursor.getLong(),
                    cursor.getShort(),
                    cursor.getInt(),
                    cursor.getLong(),
                    cursor.getInt(),
                    cursor.getLong(),
                    cursor.getInt(),
                    cursor.getLong()));
        }
        return entries;
    }

    private static int crcOf(ByteBuffer file) {
        CRC32C crc = new CRC32C();
        crc.update(file.slice(COUNT_POSITION, file.limit() - COUNT_POSITION));
        return (int) crc.getValue();
    }
}
