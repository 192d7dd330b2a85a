package io.wellspring.batch.compression;

import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * Zstandard frames (RFC 8878). The window a frame asks for is read from its header before the library sees it: more than
 * 128 MiB, the most any level of Kafka's clients writes, is refused, and so is a frame of libzstd's formats before 1.0.
 * The library touches only as much of the window as has come out, so memory stays within the bounds all the same. Not
 * {@code ZstdInputStream}, because that makes a context for each batch. Threads: one.
 */
final class ZstdDecoder implements ChunkDecoder {
    private static final int MAGIC = 0xFD2FB528;
    private static final int SKIPPABLE_MAGIC = 0x184D2A50;
    private static final int SKIPPABLE_MASK = 0xFFFFFFF0;
    private static final int MAX_WINDOW_LOG = 27;
    private static final int MIN_WINDOW_LOG = 10;

    /** A context keeps its window; larger ones are not worth keeping. */
    private static final long POOLED_WINDOW_BYTES = 8L << 20;

    private static final int STAGE_SIZE_BYTES = 64 * 1024;

    /** libzstd makes at most this much at once. */
    private static final int OUTPUT_SIZE_BYTES = 128 * 1024;

    /** What is costly to make. */
    private record Workspace(ZstdDecompressCtx context, ByteBuffer stage, ByteBuffer output) {
        static Workspace make() {
            return new Workspace(
                    new ZstdDecompressCtx(),
                    ByteBuffer.allocateDirect(STAGE_SIZE_BYTES),
                    ByteBuffer.allocateDirect(OUTPUT_SIZE_BYTES));
        }

        void dispose() {
            context.close();
        }
    }

    private static final ReusePool<Workspace> POOL = new ReusePool<>(Workspace::make, Workspace::dispose);

    private final ByteBuffer input;
    private final Workspace workspace;
    /** What the library reads from: the input itself, or a window of it copied out of the heap. */
    private final ByteBuffer source;

    private final boolean staged;
    private boolean inFrame;
    private boolean anyFrame;
    private boolean failed;
    private long largestWindowBytes;

    ZstdDecoder(ByteBuffer input) {
        this.input = input;
        this.workspace = POOL.take();
        this.staged = !input.isDirect();
        this.source = staged ? workspace.stage.clear().limit(0) : input;
        workspace.context.reset();
    }

    @Override
    public @Nullable ByteBuffer next(long leftBytes) throws DecompressionException {
        refill();
        if (!inFrame) {
            if (anyFrame && !source.hasRemaining()) {
                return null;
            }
            beginFrame(leftBytes);
        }
        ByteBuffer output = workspace.output.clear();
        int before = source.remaining();
        boolean frameEnded;
        try {
            frameEnded = workspace.context.decompressDirectByteBufferStream(output, source);
        } catch (ZstdException e) {
            failed = true;
            throw new CorruptCompressionException("zstd: " + e.getMessage());
        }
        inFrame = !frameEnded;
        output.flip();
        if (inFrame && !output.hasRemaining() && before == source.remaining()) {
            throw new CorruptCompressionException("zstd: the data ends too early");
        }
        return output;
    }

    private void refill() {
        if (staged && !source.hasRemaining() && input.hasRemaining()) {
            int size = Math.min(STAGE_SIZE_BYTES, input.remaining());
            source.clear().put(0, input, input.position(), size).limit(size);
            input.position(input.position() + size);
        }
    }

    /** Looks at the header of the frame that begins where the library goes on reading. */
    private void beginFrame(long leftBytes) throws DecompressionException {
        int at = staged ? input.position() - source.remaining() : input.position();
        ByteBuffer header = input.duplicate().clear().position(at).slice().order(ByteOrder.LITTLE_ENDIAN);
        require(header, Integer.BYTES);
        int magic = header.getInt();
        inFrame = true;
        anyFrame = true;
        if ((magic & SKIPPABLE_MASK) == SKIPPABLE_MAGIC) {
            return;
        }
        if (magic != MAGIC) {
            throw new CorruptCompressionException("zstd: no zstd frame");
        }
        require(header, 1);
        int descriptor = header.get();
        boolean singleSegment = (descriptor & 0x20) != 0;
        long window = singleSegment ? contentSize(header, descriptor) : windowSize(header);
        if (singleSegment && Long.compareUnsigned(window, leftBytes) > 0) {
            throw new DecompressionBoundExceededException("zstd", leftBytes);
        }
        if (window > 1L << MAX_WINDOW_LOG) {
            throw new DecompressionBoundExceededException("zstd, window", 1L << MAX_WINDOW_LOG);
        }
        largestWindowBytes = Math.max(largestWindowBytes, window);
    }

    private static long windowSize(ByteBuffer header) throws DecompressionException {
        require(header, 1);
        int descriptor = Byte.toUnsignedInt(header.get());
        long base = 1L << (MIN_WINDOW_LOG + (descriptor >> 3));
        return base + base / 8 * (descriptor & 7);
    }

    private static long contentSize(ByteBuffer header, int descriptor) throws DecompressionException {
        int dictionaryIdBytes = (1 << (descriptor & 3)) >> 1;
        int sizeBytes = 1 << ((descriptor >> 6) & 3);
        require(header, dictionaryIdBytes + sizeBytes);
        header.position(header.position() + dictionaryIdBytes);
        return switch (sizeBytes) {
            case 1 -> Byte.toUnsignedLong(header.get());
            case 2 -> Short.toUnsignedLong(header.getShort()) + 256;
            case 4 -> Integer.toUnsignedLong(header.getInt());
            default -> header.getLong();
        };
    }

    private static void require(ByteBuffer header, int bytes) throws DecompressionException {
        if (header.remaining() < bytes) {
            throw new CorruptCompressionException("zstd: the data ends too early");
        }
    }

    @Override
    public void close() {
        if (failed || largestWindowBytes > POOLED_WINDOW_BYTES) {
            workspace.dispose();
        } else {
            POOL.giveBack(workspace);
        }
    }
}
