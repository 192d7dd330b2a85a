package io.wellspring.batch.compression;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import net.jpountz.lz4.LZ4Exception;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4SafeDecompressor;
import net.jpountz.xxhash.StreamingXXHash32;
import net.jpountz.xxhash.XXHash32;
import net.jpountz.xxhash.XXHashFactory;
import org.jspecify.annotations.Nullable;

/**
 * One LZ4 frame (LZ4 Frame Format Description 1.6) of independent blocks, which is what Kafka's clients write and can
 * read; blocks that lean on earlier ones and dictionaries are refused, because a Java consumer could not read them. All
 * checksums and the content size are verified where the frame has them. Not {@code LZ4FrameInputStream}, because that makes
 * buffers of the frame's block size, which the sender chooses. Threads: one.
 */
final class Lz4Decoder implements ChunkDecoder {
    static final int MAGIC = 0x184D2204;

    private static final int POOLED_SIZE_BYTES = 64 * 1024;
    /** No byte of a block makes more than this many. */
    private static final int MAX_BLOCK_RATIO = 255;

    private static final int VERSION_MASK = 0xc0;
    private static final int VERSION = 0x40;
    private static final int INDEPENDENT_FLAG = 0x20;
    private static final int BLOCK_CHECKSUM_FLAG = 0x10;
    private static final int CONTENT_SIZE_FLAG = 0x08;
    private static final int CONTENT_CHECKSUM_FLAG = 0x04;
    private static final int UNSUPPORTED_FLAGS = 0x03;
    private static final int STORED_BIT = 0x8000_0000;

    /** Not {@code fastestInstance()}: inside a Spring Boot jar that is never the native one, because of the class loader. */
    private static final @Nullable LZ4Factory NATIVE = nativeIfLoadable();

    static final LZ4Factory FACTORY = NATIVE != null ? NATIVE : LZ4Factory.fastestJavaInstance();
    private static final XXHash32 HASH = XXHashFactory.fastestInstance().hash32();
    private static final ReusePool<ByteBuffer> POOL =
            new ReusePool<>(() -> ByteBuffer.allocate(POOLED_SIZE_BYTES), buffer -> {});

    private final ByteBuffer input;
    private final LZ4SafeDecompressor blocks;
    private final boolean takesDirectBuffers;
    private final ByteBuffer pooled = POOL.take();
    private ByteBuffer output = pooled;
    private @Nullable StreamingXXHash32 contentHash;
    private boolean headerRead;
    private boolean finished;
    private boolean blockChecksums;
    private int maxBlockBytes;
    private long contentBytes = -1;
    private long givenBytes;

    Lz4Decoder(ByteBuffer input) {
        this(input, FACTORY);
    }

    Lz4Decoder(ByteBuffer input, LZ4Factory factory) {
        this.input = input.order(ByteOrder.LITTLE_ENDIAN);
        this.blocks = factory.safeDecompressor();
        this.takesDirectBuffers = factory == NATIVE;
    }

    private static @Nullable LZ4Factory nativeIfLoadable() {
        try {
            return LZ4Factory.nativeInstance();
        } catch (LinkageError | UnsupportedOperationException | AssertionError e) {
            return null;
        }
    }

    @Override
    public @Nullable ByteBuffer next(long leftBytes) throws DecompressionException {
        if (!headerRead) {
            readHeader(leftBytes);
        }
        if (finished) {
            return null;
        }
        require(Integer.BYTES);
        int sizeField = input.getInt();
        int size = sizeField & ~STORED_BIT;
        if (size == 0) {
            finish();
            return null;
        }
        if (size > maxBlockBytes) {
            throw new CorruptCompressionException("lz4: a block is larger than the frame allows");
        }
        require(size + (blockChecksums ? Integer.BYTES : 0));
        int start = input.position();
        input.position(start + size);
        if (blockChecksums && HASH.hash(input, start, size, 0) != input.getInt()) {
            throw new CorruptCompressionException("lz4: a block's checksum is wrong");
        }
        ByteBuffer chunk =
                (sizeField & STORED_BIT) != 0 ? input.slice(start, size) : decompress(start, size, leftBytes);
        givenBytes += chunk.remaining();
        hash(chunk);
        return chunk;
    }

    private ByteBuffer decompress(int start, int size, long leftBytes) throws DecompressionException {
        int needed = (int) Math.min(maxBlockBytes, (long) size * MAX_BLOCK_RATIO + MAX_BLOCK_RATIO);
        int allowed = (int) Math.min(needed, Math.max(leftBytes, POOLED_SIZE_BYTES));
        if (output.capacity() < allowed) {
            output = ByteBuffer.allocate(allowed);
        }
        int room = Math.min(maxBlockBytes, output.capacity());
        ByteBuffer source = input;
        int from = start;
        if (!input.hasArray() && !(input.isDirect() && takesDirectBuffers)) {
            // The library's Java code takes good blocks for broken ones unless both sides are arrays.
            source = ByteBuffer.allocate(size).put(0, input, start, size);
            from = 0;
        }
        // The library looks at the limit, which the block before has moved.
        output.clear();
        try {
            int written = blocks.decompress(source, from, size, output, 0, room);
            return output.limit(written);
        } catch (LZ4Exception e) {
            if (room < needed) {
                throw new DecompressionBoundExceededException("lz4", leftBytes);
            }
            throw new CorruptCompressionException("lz4: a block is broken");
        }
    }

    private void readHeader(long leftBytes) throws DecompressionException {
        require(Integer.BYTES + 3);
        if (input.getInt() != MAGIC) {
            throw new CorruptCompressionException("lz4: no lz4 frame");
        }
        int start = input.position();
        int flags = input.get();
        int descriptor = input.get();
        int sizeId = descriptor >> 4;
        if ((flags & VERSION_MASK) != VERSION
                || (flags & UNSUPPORTED_FLAGS) != 0
                || (flags & INDEPENDENT_FLAG) == 0
                || (descriptor & 0x0f) != 0
                || sizeId < 4
                || sizeId > 7) {
            throw new CorruptCompressionException(
                    "lz4: the frame is of another version, has dependent blocks or a dictionary");
        }
        maxBlockBytes = 1 << (8 + 2 * sizeId);
        blockChecksums = (flags & BLOCK_CHECKSUM_FLAG) != 0;
        if ((flags & CONTENT_SIZE_FLAG) != 0) {
            require(Long.BYTES + 1);
            contentBytes = input.getLong();
        }
        int descriptorBytes = input.position() - start;
        if (input.get() != (byte) (HASH.hash(input, start, descriptorBytes, 0) >> 8)) {
            throw new CorruptCompressionException("lz4: the frame header's checksum is wrong");
        }
        if (contentBytes > leftBytes) {
            throw new DecompressionBoundExceededException("lz4", leftBytes);
        }
        if ((flags & CONTENT_CHECKSUM_FLAG) != 0) {
            contentHash = XXHashFactory.fastestJavaInstance().newStreamingHash32(0);
        }
        headerRead = true;
    }

    private void hash(ByteBuffer chunk) {
        if (contentHash == null) {
            return;
        }
        if (chunk.hasArray()) {
            contentHash.update(chunk.array(), chunk.arrayOffset() + chunk.position(), chunk.remaining());
        } else {
            byte[] copy = new byte[chunk.remaining()];
            chunk.get(chunk.position(), copy);
            contentHash.update(copy, 0, copy.length);
        }
    }

    private void finish() throws DecompressionException {
        finished = true;
        if (contentHash != null) {
            require(Integer.BYTES);
            if (contentHash.getValue() != input.getInt()) {
                throw new CorruptCompressionException("lz4: the content's checksum is wrong");
            }
        }
        if ((contentBytes >= 0 && contentBytes != givenBytes) || input.hasRemaining()) {
            throw new CorruptCompressionException("lz4: the content size is wrong or bytes follow the frame");
        }
    }

    private void require(int bytes) throws DecompressionException {
        if (input.remaining() < bytes) {
            throw new CorruptCompressionException("lz4: the data ends too early");
        }
    }

    @Override
    public void close() {
        POOL.giveBack(pooled);
    }
}
