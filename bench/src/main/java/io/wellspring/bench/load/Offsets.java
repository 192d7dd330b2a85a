package io.wellspring.bench.load;

import java.nio.ByteBuffer;

/** How far a fetch went: from the bytes of whole batches to the next offset to ask for. */
enum Offsets {
    /** As brokers count: the batch says the offset of its last record. */
    RECORDS {
        @Override
        Progress read(ByteBuffer records, long fetchOffset) {
            int begin = records.position();
            int position = begin;
            long next = fetchOffset;
            while (records.limit() - position >= HEADER_SIZE_BYTES) {
                int sizeBytes = LENGTH_END + records.getInt(position + LENGTH_POSITION);
                if (position + sizeBytes > records.limit()) {
                    // The last batch may be cut off; it is asked for again.
                    break;
                }
                next = records.getLong(position) + records.getInt(position + LAST_OFFSET_DELTA_POSITION) + 1;
                position += sizeBytes;
            }
            return new Progress(next, position - begin);
        }
    },
    /** As the floor counts: an offset is a position in its file. */
    BYTES {
        @Override
        Progress read(ByteBuffer records, long fetchOffset) {
            return new Progress(fetchOffset + records.remaining(), records.remaining());
        }
    };

    private static final int LENGTH_POSITION = 8;
    private static final int LENGTH_END = 12;
    private static final int LAST_OFFSET_DELTA_POSITION = 23;
    private static final int HEADER_SIZE_BYTES = 61;

    /**
     * Where the reader stands now.
     *
     * @param sizeBytes of the whole batches that it got
     */
    record Progress(long nextOffset, int sizeBytes) {}

    /** @param records what came for a partition; its position does not move */
    abstract Progress read(ByteBuffer records, long fetchOffset);
}
