package io.wellspring.batch;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Cuts a buffer into batches and trusts no length in it. Threads: any; as safe as the buffer.
 */
public final class Batches {
    private Batches() {}

    /** How far the buffer could be cut. */
    public sealed interface Ending {
        /** Byte of the buffer after the last whole batch. */
        int position();

        /** The buffer ends with a whole batch. */
        record Whole(int position) implements Ending {}

        /** The buffer ends inside a batch, as a fetch that hits its byte limit does. */
        record Partial(int position) implements Ending {}

        /**
         * What lies at {@code position} cannot be the beginning of a batch.
         *
         * @param olderFormat it may be a message of format version 0 or 1
         */
        record Malformed(int position, String message, boolean olderFormat) implements Ending {}
    }

    /**
     * Gives every whole batch from position to limit to the consumer, in order. Lengths and magic are checked, nothing
     * else; neither position nor limit is moved.
     */
    public static Ending forEach(ByteBuffer buffer, Consumer<RecordBatch> consumer) {
        return forEach(buffer, Integer.MAX_VALUE, consumer);
    }

    /** As above, but stops after {@code maxCount} batches as if the buffer ended there. */
    static Ending forEach(ByteBuffer buffer, int maxCount, Consumer<RecordBatch> consumer) {
        int position = buffer.position();
        int limit = buffer.limit();
        for (int count = 0; position < limit && count < maxCount; count++) {
            int left = limit - position;
            if (left < RecordBatch.MAGIC_POSITION + 1) {
                return new Ending.Partial(position);
            }
            int length = buffer.getInt(position + RecordBatch.LENGTH_POSITION);
            byte magic = buffer.get(position + RecordBatch.MAGIC_POSITION);
            if (magic != RecordBatch.MAGIC) {
                return new Ending.Malformed(
                        position, "magic " + magic + " is not that of format version 2", magic == 0 || magic == 1);
            }
            if (length < RecordBatch.HEADER_SIZE_BYTES - RecordBatch.LENGTH_OVERHEAD_BYTES) {
                return new Ending.Malformed(
                        position, "the batch length " + length + " is shorter than a header", false);
            }
            if (length > left - RecordBatch.LENGTH_OVERHEAD_BYTES) {
                return new Ending.Partial(position);
            }
            RecordBatch batch = RecordBatch.at(buffer, position);
            consumer.accept(batch);
            position += batch.sizeBytes();
        }
        return new Ending.Whole(position);
    }

    /** The whole batches from position to limit; what follows them is left out. */
    public static List<RecordBatch> list(ByteBuffer buffer) {
        List<RecordBatch> batches = new ArrayList<>(1);
        forEach(buffer, batches::add);
        return batches;
    }
}
