package io.wellspring.batch.compression;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** One codec, reading; {@link Decompressor} counts for it. Threads: one. */
sealed interface ChunkDecoder extends AutoCloseable permits GzipDecoder, Lz4Decoder, SnappyDecoder, ZstdDecoder {
    /**
     * The next piece of what was compressed, position to limit, valid until the next call; null at the end. It may be
     * empty, but every call uses up input or gives output.
     *
     * @param leftBytes what may still come out; the decoder allocates no more for it. It may give more than that from
     *     memory it has anyway, the caller checks
     */
    @Nullable
    ByteBuffer next(long leftBytes) throws DecompressionException;

    /** Gives the memory back. */
    @Override
    void close();
}
