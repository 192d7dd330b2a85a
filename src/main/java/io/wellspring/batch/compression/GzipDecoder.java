package io.wellspring.batch.compression;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * Gzip (RFC 1952) on the JDK's inflater: one or more members, each with its checksum and length verified. Not
 * {@code GZIPInputStream}, because that makes an inflater and two buffers for each batch. Threads: one.
 */
final class GzipDecoder implements ChunkDecoder {
    private static final int OUTPUT_SIZE_BYTES = 32 * 1024;
    private static final int FIXED_HEADER_BYTES = 10;
    private static final int TRAILER_BYTES = 8;
    private static final int MAGIC = 0x8b1f;
    private static final int DEFLATE = 8;
    private static final int HEADER_CRC_FLAG = 2;
    private static final int EXTRA_FLAG = 4;
    private static final int NAME_FLAG = 8;
    private static final int COMMENT_FLAG = 16;
    private static final int RESERVED_FLAGS = 0xe0;

    /** What is costly to make. */
    private record Workspace(Inflater inflater, CRC32 crc, ByteBuffer output) {
        static Workspace make() {
            return new Workspace(new Inflater(true), new CRC32(), ByteBuffer.allocate(OUTPUT_SIZE_BYTES));
        }

        void dispose() {
            inflater.end();
        }
    }

    private static final ReusePool<Workspace> POOL = new ReusePool<>(Workspace::make, Workspace::dispose);

    private final ByteBuffer input;
    private final Workspace workspace = POOL.take();
    private boolean inMember;
    private boolean anyMember;

    GzipDecoder(ByteBuffer input) {
        this.input = input.order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public @Nullable ByteBuffer next(long leftBytes) throws DecompressionException {
        if (!inMember) {
            if (anyMember && !input.hasRemaining()) {
                return null;
            }
            beginMember();
        }
        ByteBuffer output = workspace.output.clear();
        try {
            workspace.inflater.inflate(output);
        } catch (DataFormatException e) {
            throw new CorruptCompressionException("gzip: " + e.getMessage());
        }
        output.flip();
        workspace.crc.update(output.duplicate());
        if (workspace.inflater.finished()) {
            endMember();
        } else if (!output.hasRemaining()) {
            throw new CorruptCompressionException("gzip: the data ends too early or needs a dictionary");
        }
        return output;
    }

    private void beginMember() throws DecompressionException {
        int start = input.position();
        require(FIXED_HEADER_BYTES);
        int magic = Short.toUnsignedInt(input.getShort());
        int method = input.get();
        int flags = input.get();
        input.position(start + FIXED_HEADER_BYTES);
        if (magic != MAGIC || method != DEFLATE || (flags & RESERVED_FLAGS) != 0) {
            throw new CorruptCompressionException("gzip: no gzip header");
        }
        if ((flags & EXTRA_FLAG) != 0) {
            require(Short.BYTES);
            int size = Short.toUnsignedInt(input.getShort());
            require(size);
            input.position(input.position() + size);
        }
        if ((flags & NAME_FLAG) != 0) {
            skipText();
        }
        if ((flags & COMMENT_FLAG) != 0) {
            skipText();
        }
        CRC32 crc = workspace.crc;
        if ((flags & HEADER_CRC_FLAG) != 0) {
            crc.reset();
            crc.update(input.slice(start, input.position() - start));
            require(Short.BYTES);
            if (Short.toUnsignedInt(input.getShort()) != (crc.getValue() & 0xffff)) {
                throw new CorruptCompressionException("gzip: the header's checksum is wrong");
            }
        }
        crc.reset();
        workspace.inflater.reset();
        workspace.inflater.setInput(input);
        inMember = true;
        anyMember = true;
    }

    private void endMember() throws DecompressionException {
        require(TRAILER_BYTES);
        long crc = Integer.toUnsignedLong(input.getInt());
        int size = input.getInt();
        if (crc != workspace.crc.getValue() || size != (int) workspace.inflater.getBytesWritten()) {
            throw new CorruptCompressionException("gzip: checksum or length is wrong");
        }
        inMember = false;
    }

    private void skipText() throws DecompressionException {
        do {
            require(1);
        } while (input.get() != 0);
    }

    private void require(int bytes) throws DecompressionException {
        if (input.remaining() < bytes) {
            throw new CorruptCompressionException("gzip: the data ends too early");
        }
    }

    @Override
    public void close() {
        // The inflater must not keep the request's buffer alive.
        workspace.inflater.reset();
        POOL.giveBack(workspace);
    }
}
