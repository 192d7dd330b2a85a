package io.wellspring.bench.floor;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** A produce request of version 13 with one batch for one partition. */
final class FloorProduce {
    private static final int ANSWER_SIZE_MOST = 128;
    private static final int CRC_POSITION = 17;
    private static final int CRC_BEGIN = 21;

    private FloorProduce() {}

    /**
     * Checks the batch and appends it.
     *
     * @param frame behind its header
     */
    static ByteBuffer answer(ByteBuffer frame, int correlationId, FloorFiles files) throws IOException {
        // No transactional id; acks and the time limit say nothing to the floor.
        Wire.varint(frame);
        frame.position(frame.position() + Short.BYTES + Integer.BYTES);
        Wire.varint(frame);
        long high = frame.getLong();
        long low = frame.getLong();
        Wire.varint(frame);
        int partition = frame.getInt();
        int sizeBytes = Wire.varint(frame) - 1;
        ByteBuffer batch = frame.slice(frame.position(), sizeBytes);
        CRC32C crc = new CRC32C();
        crc.update(batch.slice(CRC_BEGIN, sizeBytes - CRC_BEGIN));
        if ((int) crc.getValue() != batch.getInt(CRC_POSITION)) {
            throw new IOException("a batch whose CRC is wrong");
        }
        long position = files.at(new FloorFiles.Key(high, low, partition)).append(batch);

        ByteBuffer answer = Wire.begin(ANSWER_SIZE_MOST, correlationId);
        Wire.putVarint(answer, 2);
        answer.putLong(high).putLong(low);
        Wire.putVarint(answer, 2);
        // No error, where it lies, no append time, the log's start.
        answer.putInt(partition)
                .putShort((short) 0)
                .putLong(position)
                .putLong(-1)
                .putLong(0);
        // No errors of records, no message, and tagged fields nowhere: of the partition and of the topic.
        Wire.putVarint(answer, 1);
        Wire.putVarint(answer, 0);
        Wire.putVarint(answer, 0);
        Wire.putVarint(answer, 0);
        // No throttling.
        answer.putInt(0);
        Wire.putVarint(answer, 0);
        return Wire.end(answer, 0);
    }
}
