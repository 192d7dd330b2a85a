package io.wellspring.batch.compression;

import com.github.luben.zstd.RecyclingBufferPool;
import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.zip.GZIPOutputStream;
import net.jpountz.lz4.LZ4Compressor;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4FrameOutputStream;
import net.jpountz.xxhash.XXHashFactory;
import org.xerial.snappy.SnappyOutputStream;

/** Makes the streams that compress, in the very framing of Kafka's Java client. Threads: any. */
public final class Compressor {
    private static final int INPUT_SIZE_BYTES = 16 * 1024;
    private static final int GZIP_OUTPUT_SIZE_BYTES = 8 * 1024;

    private Compressor() {}

    /**
     * A stream that compresses into {@code out}; closing it completes the frame and closes {@code out}.
     *
     * @throws IOException only if {@code out} does
     */
    public static OutputStream over(OutputStream out, Compression compression) throws IOException {
        return switch (compression.type()) {
            case NONE -> out;
            case GZIP ->
                new BufferedOutputStream(new LevelledGzipOutputStream(out, compression.level()), INPUT_SIZE_BYTES);
            case SNAPPY -> new SnappyOutputStream(out);
            case LZ4 -> lz4(out, compression.level());
            case ZSTD ->
                new BufferedOutputStream(
                        new ZstdOutputStreamNoFinalizer(out, RecyclingBufferPool.INSTANCE, compression.level()),
                        INPUT_SIZE_BYTES);
        };
    }

    /** Independent blocks of 64 KiB without checksums or content size: the one form every client reads. */
    private static OutputStream lz4(OutputStream out, int level) throws IOException {
        LZ4Factory factory = Lz4Decoder.FACTORY;
        // As in Kafka, the default level means the fast compressor and not the slow one's level of that number.
        LZ4Compressor compressor =
                level == Compression.LZ4_DEFAULT_LEVEL ? factory.fastCompressor() : factory.highCompressor(level);
        return new LZ4FrameOutputStream(
                out,
                LZ4FrameOutputStream.BLOCKSIZE.SIZE_64KB,
                -1L,
                compressor,
                XXHashFactory.fastestInstance().hash32(),
                LZ4FrameOutputStream.FLG.Bits.BLOCK_INDEPENDENCE);
    }

    /** The JDK's stream hides the level. */
    private static final class LevelledGzipOutputStream extends GZIPOutputStream {
        LevelledGzipOutputStream(OutputStream out, int level) throws IOException {
            super(out, GZIP_OUTPUT_SIZE_BYTES);
            def.setLevel(level);
        }
    }
}
