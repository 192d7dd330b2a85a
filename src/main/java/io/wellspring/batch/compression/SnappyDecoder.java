package io.wellspring.batch.compression;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.xerial.snappy.Snappy;

/**
 * Snappy as Kafka's clients write it: the framing of xerial's {@code SnappyOutputStream}, or one bare block (librdkafka),
 * which Kafka's broker takes as well. Not {@code SnappyInputStream}, because that allocates what a block claims to hold.
 * Threads: one.
 */
final class SnappyDecoder implements ChunkDecoder {
    /** The first four bytes of xerial's stream header, {@code 0x82 S N A P P Y 0}. */
    private static final int MAGIC_HEAD = 0x82534E41;

    private static final int MAGIC_TAIL = 0x50505900;
    private static final int HEADER_BYTES = 16;
    private static final int MIN_VERSION = 1;
    private static final int POOLED_SIZE_BYTES = 64 * 1024;

    /** Three bytes make at most 64, so more than this is a lie. */
    private static final int MAX_BLOCK_RATIO = 22;

    private static final ReusePool<byte[]> POOL = new ReusePool<>(() -> new byte[POOLED_SIZE_BYTES], array -> {});

    private final ByteBuffer input;
    private final byte[] pooled = POOL.take();
    private byte[] output = pooled;
    private byte[] copy = new byte[0];
    private boolean begun;

    SnappyDecoder(ByteBuffer input) {
        this.input = input;
    }

    @Override
    public @Nullable ByteBuffer next(long leftBytes) throws DecompressionException {
        if (!begun) {
            begun = true;
            if (!isHeader()) {
                return decompress(input.remaining(), leftBytes);
            }
            readHeader();
        }
        // A stream may be joined from several: a header can stand where a block's size would.
        while (isHeader()) {
            readHeader();
        }
        if (!input.hasRemaining()) {
            return null;
        }
        if (input.remaining() < Integer.BYTES) {
            throw new CorruptCompressionException("snappy: the data ends too early");
        }
        int size = input.getInt();
        if (size <= 0 || size > input.remaining()) {
            throw new CorruptCompressionException("snappy: the size of a block is wrong");
        }
        return decompress(size, leftBytes);
    }

    private boolean isHeader() {
        int at = input.position();
        return input.remaining() >= Long.BYTES
                && input.getInt(at) == MAGIC_HEAD
                && input.getInt(at + Integer.BYTES) == MAGIC_TAIL;
    }

    private void readHeader() throws DecompressionException {
        int at = input.position();
        if (input.remaining() < HEADER_BYTES || input.getInt(at + HEADER_BYTES - Integer.BYTES) < MIN_VERSION) {
            throw new CorruptCompressionException("snappy: the stream header is cut or of an unknown version");
        }
        if (input.getInt(at + Long.BYTES) < MIN_VERSION) {
            throw new CorruptCompressionException("snappy: the stream is of an unknown version");
        }
        input.position(at + HEADER_BYTES);
    }

    private ByteBuffer decompress(int size, long leftBytes) throws DecompressionException {
        byte[] source;
        int from;
        if (input.hasArray()) {
            source = input.array();
            from = input.arrayOffset() + input.position();
        } else {
            if (copy.length < size) {
                copy = new byte[size];
            }
            input.get(input.position(), copy, 0, size);
            source = copy;
            from = 0;
        }
        input.position(input.position() + size);
        try {
            int claimed = size == 0 ? -1 : Snappy.uncompressedLength(source, from, size);
            if (claimed < 0 || claimed > (long) size * MAX_BLOCK_RATIO) {
                throw new CorruptCompressionException("snappy: the length of a block is a lie");
            }
            if (claimed > leftBytes) {
                throw new DecompressionBoundExceededException("snappy", leftBytes);
            }
            if (output.length < claimed) {
                output = new byte[claimed];
            }
            return ByteBuffer.wrap(output, 0, Snappy.uncompress(source, from, size, output, 0));
        } catch (IOException e) {
            throw new CorruptCompressionException("snappy: a block is broken");
        }
    }

    @Override
    public void close() {
        POOL.giveBack(pooled);
    }
}
