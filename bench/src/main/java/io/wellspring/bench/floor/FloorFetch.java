package io.wellspring.bench.floor;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * A fetch of version 17 for one topic that waits for data. Offsets are positions in the files.
 *
 * @param deadlineNanos when it is answered without data
 */
record FloorFetch(int correlationId, long high, long low, List<Partition> partitions, long deadlineNanos) {
    private static final int ANSWER_HEADER_SIZE_MOST = 64;
    private static final int PARTITION_HEADER_SIZE_MOST = 64;
    private static final long NANOS_PER_MS = 1_000_000;

    /** What is wanted of a partition. */
    record Partition(int index, long position, int sizeMost) {}

    /** @param frame behind its header */
    static FloorFetch parse(ByteBuffer frame, int correlationId) {
        int waitMs = frame.getInt();
        // Least and most bytes, isolation level, session id and epoch.
        frame.position(frame.position() + 4 * Integer.BYTES + Byte.BYTES);
        Wire.varint(frame);
        long high = frame.getLong();
        long low = frame.getLong();
        int count = Wire.varint(frame) - 1;
        List<Partition> partitions = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            int index = frame.getInt();
            frame.getInt();
            long position = frame.getLong();
            // Last epoch and log start offset.
            frame.position(frame.position() + Integer.BYTES + Long.BYTES);
            partitions.add(new Partition(index, position, frame.getInt()));
            Wire.varint(frame);
        }
        return new FloorFetch(correlationId, high, low, partitions, System.nanoTime() + waitMs * NANOS_PER_MS);
    }

    /** @return whether there was something to answer, or the time is over */
    boolean answerInto(ArrayDeque<FloorConnection.Part> output, FloorFiles files) throws IOException {
        List<FloorConnection.Part.Range> ranges = new ArrayList<>(partitions.size());
        long sizeBytes = 0;
        for (Partition partition : partitions) {
            FloorFiles.LogFile file = files.at(new FloorFiles.Key(high, low, partition.index()));
            long size = Math.min(partition.sizeMost(), file.sizeBytes() - partition.position());
            ranges.add(new FloorConnection.Part.Range(file.channel(), partition.position(), size));
            sizeBytes += size;
        }
        if (sizeBytes == 0 && System.nanoTime() < deadlineNanos) {
            return false;
        }
        List<ByteBuffer> headers = headers(ranges);
        ByteBuffer trailer = ByteBuffer.allocate(PARTITION_HEADER_SIZE_MOST);
        Wire.putVarint(trailer, 0);
        Wire.putVarint(trailer, 0);
        Wire.putVarint(trailer, 0);
        trailer.flip();
        long following = sizeBytes + trailer.remaining();
        for (ByteBuffer header : headers.subList(1, headers.size())) {
            following += header.remaining();
        }
        ByteBuffer first = headers.getFirst();
        first.putInt(0, (int) (first.limit() - Integer.BYTES + following));
        for (int i = 0; i < ranges.size(); i++) {
            output.add(new FloorConnection.Part.Bytes(headers.get(i)));
            if (ranges.get(i).sizeBytes() > 0) {
                output.add(ranges.get(i));
            }
        }
        output.add(new FloorConnection.Part.Bytes(trailer));
        return true;
    }

    /** What stands before the records of each partition; the first begins the answer, the others close the partition before them. */
    private List<ByteBuffer> headers(List<FloorConnection.Part.Range> ranges) {
        List<ByteBuffer> headers = new ArrayList<>(ranges.size());
        for (int i = 0; i < ranges.size(); i++) {
            ByteBuffer header;
            if (i == 0) {
                header = Wire.begin(ANSWER_HEADER_SIZE_MOST + PARTITION_HEADER_SIZE_MOST, correlationId);
                // No throttling, no error, no session; one topic.
                header.putInt(0).putShort((short) 0).putInt(0);
                Wire.putVarint(header, 2);
                header.putLong(high).putLong(low);
                Wire.putVarint(header, ranges.size() + 1);
            } else {
                header = ByteBuffer.allocate(PARTITION_HEADER_SIZE_MOST);
                Wire.putVarint(header, 0);
            }
            long end = ranges.get(i).position() + ranges.get(i).sizeBytes();
            // No error; high watermark, last stable offset, log start.
            header.putInt(partitions.get(i).index())
                    .putShort((short) 0)
                    .putLong(end)
                    .putLong(end)
                    .putLong(0);
            // No aborted transactions, no replica to read from.
            Wire.putVarint(header, 0);
            header.putInt(-1);
            Wire.putVarint(header, (int) ranges.get(i).sizeBytes() + 1);
            headers.add(header.flip());
        }
        return headers;
    }
}
