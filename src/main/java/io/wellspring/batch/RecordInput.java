package io.wellspring.batch;

import io.wellspring.batch.UnreadableRecordsException.Reason;
import io.wellspring.batch.compression.CorruptCompressionException;
import io.wellspring.batch.compression.DecompressionBoundExceededException;
import io.wellspring.batch.compression.DecompressionException;
import io.wellspring.batch.compression.Decompressor;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a batch's records as one stream, whether they lie in a buffer or come out of a decompressor in pieces.
 * Variable-length numbers are read strictly: at most 5 or 10 bytes, no bits beyond the type. Threads: one.
 */
final class RecordInput implements AutoCloseable {
    private static final int FIRST_GATHER_BYTES = 16 * 1024;
    private static final byte[] NOTHING = new byte[0];

    private final @Nullable Decompressor decompressor;
    private final @Nullable Consumer<ByteBuffer> tee;
    private ByteBuffer chunk;
    private int position;
    private int limit;
    /** Bytes of the stream before byte 0 of {@link #chunk}. */
    private long chunkBegin;

    private @Nullable ByteBuffer pending;
    private byte[] gathered = NOTHING;

    private RecordInput(
            @Nullable Decompressor decompressor,
            @Nullable Consumer<ByteBuffer> tee,
            ByteBuffer chunk,
            int from,
            int to) {
        this.decompressor = decompressor;
        this.tee = tee;
        this.chunk = chunk;
        this.position = from;
        this.limit = to;
        this.chunkBegin = -from;
    }

    /** Of what lies between position and limit, which are not moved. */
    static RecordInput plain(ByteBuffer records) {
        return plain(records, records.position(), records.limit());
    }

    /** Of what lies in the buffer from byte {@code from} to before byte {@code to}; its position is not moved. */
    static RecordInput plain(ByteBuffer buffer, int from, int to) {
        Objects.checkFromToIndex(from, to, buffer.limit());
        return new RecordInput(null, null, buffer, from, to);
    }

    /** @param tee is shown every piece that comes out */
    static RecordInput compressed(Decompressor decompressor, @Nullable Consumer<ByteBuffer> tee) {
        return new RecordInput(decompressor, tee, ByteBuffer.allocate(0), 0, 0);
    }

    /** Bytes read so far. */
    long consumed() {
        return chunkBegin + position;
    }

    /** Place of the next byte in the chunk, for {@link #slice}. */
    int position() {
        return position;
    }

    boolean isExhausted() throws UnreadableRecordsException {
        return position == limit && !refill();
    }

    byte readByte() throws UnreadableRecordsException {
        if (position == limit && !refill()) {
            throw endsEarly();
        }
        return chunk.get(position++);
    }

    int readVarint() throws UnreadableRecordsException {
        int first = readByte();
        if (first >= 0) {
            return (first >>> 1) ^ -(first & 1);
        }
        int value = first & 0x7f;
        int shift = 7;
        while (true) {
            int next = readByte();
            if (shift == 28 && (next & 0xf0) != 0) {
                throw malformed("a number has more than 32 bits");
            }
            value |= (next & 0x7f) << shift;
            if (next >= 0) {
                return (value >>> 1) ^ -(value & 1);
            }
            shift += 7;
        }
    }

    long readVarlong() throws UnreadableRecordsException {
        long first = readByte();
        if (first >= 0) {
            return (first >>> 1) ^ -(first & 1);
        }
        long value = first & 0x7f;
        int shift = 7;
        while (true) {
            int next = readByte();
            if (shift == 63 && (next & 0xfe) != 0) {
                throw malformed("a number has more than 64 bits");
            }
            value |= (next & 0x7fL) << shift;
            if (next >= 0) {
                return (value >>> 1) ^ -(value & 1);
            }
            shift += 7;
        }
    }

    void skip(int count) throws UnreadableRecordsException {
        int left = count;
        while (left > limit - position) {
            left -= limit - position;
            position = limit;
            if (!refill()) {
                throw endsEarly();
            }
        }
        position += left;
    }

    /** Brings the next {@code count} bytes into one chunk; allocates by what arrives, not by what is claimed. */
    void gather(int count) throws UnreadableRecordsException {
        int have = limit - position;
        if (have >= count) {
            return;
        }
        long begin = consumed();
        require(have, count);
        chunk.get(position, gathered, 0, have);
        while (have < count) {
            ByteBuffer next = nextChunk();
            if (next == null) {
                throw endsEarly();
            }
            int taken = Math.min(next.remaining(), count - have);
            require(have + taken, count);
            next.get(gathered, have, taken);
            have += taken;
            pending = next.hasRemaining() ? next : null;
        }
        chunk = ByteBuffer.wrap(gathered, 0, count);
        position = 0;
        limit = count;
        chunkBegin = begin;
    }

    private void require(int needed, int wanted) {
        if (gathered.length < needed) {
            long grown = Math.max(2L * gathered.length, FIRST_GATHER_BYTES);
            gathered = Arrays.copyOf(gathered, (int) Math.max(needed, Math.min(wanted, grown)));
        }
    }

    /** Bytes of the chunk, shared. */
    ByteBuffer slice(int at, int count) {
        return chunk.slice(at, count);
    }

    private boolean refill() throws UnreadableRecordsException {
        ByteBuffer next = nextChunk();
        if (next == null) {
            return false;
        }
        long begin = consumed();
        pending = null;
        chunk = next;
        position = next.position();
        limit = next.limit();
        chunkBegin = begin - position;
        return true;
    }

    private @Nullable ByteBuffer nextChunk() throws UnreadableRecordsException {
        if (pending != null || decompressor == null) {
            return pending;
        }
        try {
            ByteBuffer next = decompressor.next();
            if (next != null && tee != null) {
                tee.accept(next);
            }
            return next;
        } catch (DecompressionException e) {
            throw new UnreadableRecordsException(
                    switch (e) {
                        case CorruptCompressionException corrupt -> Reason.CORRUPT_COMPRESSION;
                        case DecompressionBoundExceededException exceeded -> Reason.BOUND_EXCEEDED;
                    },
                    String.valueOf(e.getMessage()));
        }
    }

    private static UnreadableRecordsException endsEarly() {
        return malformed("the batch ends inside a record");
    }

    static UnreadableRecordsException malformed(String message) {
        return new UnreadableRecordsException(Reason.MALFORMED, message);
    }

    @Override
    public void close() {
        if (decompressor != null) {
            decompressor.close();
        }
    }
}
