package io.wellspring.batch.compression;

import io.wellspring.model.CompressionType;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Reads compressed bytes in pieces and never gives more than the bounds allow, whatever the bytes claim about themselves.
 * Besides the piece in hand it holds at most the codec's own window. Threads: one.
 */
public final class Decompressor implements AutoCloseable {
    private final ChunkDecoder decoder;
    private final String codec;
    private final long limitBytes;
    private long givenBytes;
    private boolean closed;

    private Decompressor(ChunkDecoder decoder, String codec, long limitBytes) {
        this.decoder = decoder;
        this.codec = codec;
        this.limitBytes = limitBytes;
    }

    /**
     * Begins to read. Close it: the memory is used again.
     *
     * @param type not {@link CompressionType#NONE}
     * @param compressed position to limit, shared, not moved
     */
    public static Decompressor open(CompressionType type, ByteBuffer compressed, DecompressionBounds bounds) {
        ByteBuffer input = compressed.slice();
        ChunkDecoder decoder = switch (type) {
            case NONE -> throw new IllegalArgumentException("nothing to decompress");
            case GZIP -> new GzipDecoder(input);
            case SNAPPY -> new SnappyDecoder(input);
            case LZ4 -> new Lz4Decoder(input);
            case ZSTD -> new ZstdDecoder(input);
        };
        return new Decompressor(decoder, type.label(), bounds.limitFor(input.remaining()));
    }

    /** The next piece, position to limit, never empty, valid until the next call or {@link #close}; null at the end. */
    public @Nullable ByteBuffer next() throws DecompressionException {
        ByteBuffer chunk;
        do {
            chunk = decoder.next(limitBytes - givenBytes);
        } while (chunk != null && !chunk.hasRemaining());
        if (chunk == null) {
            return null;
        }
        givenBytes += chunk.remaining();
        if (givenBytes > limitBytes) {
            throw new DecompressionBoundExceededException(codec, limitBytes);
        }
        return chunk;
    }

    /** What came out so far. */
    public long givenBytes() {
        return givenBytes;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            decoder.close();
        }
    }
}
