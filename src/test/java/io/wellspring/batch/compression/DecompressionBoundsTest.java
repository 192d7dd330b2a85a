package io.wellspring.batch.compression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.management.ThreadMXBean;
import io.wellspring.model.CompressionType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicLong;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.xxhash.XXHashFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.xerial.snappy.Snappy;

/** Bombs and lies: what comes out, and what is allocated for it, stays within the bound. */
final class DecompressionBoundsTest {
    private static final int MEBIBYTE = 1 << 20;

    /** Memory a codec may need besides the bound: its buffers, and the exception. */
    private static final long OVERHEAD_BYTES = 512 * 1024;

    private static final DecompressionBounds ONE_MEBIBYTE = new DecompressionBounds(MEBIBYTE, 1_000, 8L * MEBIBYTE);

    /** Loading classes and native libraries allocates, once: it must not fall into what a test measures. */
    @BeforeAll
    static void loadEverything() throws Exception {
        for (CompressionType type : CompressionType.values()) {
            if (type != CompressionType.NONE) {
                try (Decompressor sound = Decompressor.open(type, zeros(type, 10), ONE_MEBIBYTE)) {
                    assertThat(drain(sound, new AtomicLong())).isEqualTo(10);
                }
                try (Decompressor broken = Decompressor.open(type, ByteBuffer.allocate(9), ONE_MEBIBYTE)) {
                    var _ = catchThrowable(() -> drain(broken, new AtomicLong()));
                }
            }
        }
        try (Decompressor block = Decompressor.open(
                CompressionType.SNAPPY, ByteBuffer.wrap(Snappy.compress(new byte[10])), ONE_MEBIBYTE)) {
            assertThat(drain(block, new AtomicLong())).isEqualTo(10);
        }
    }

    @ParameterizedTest
    @EnumSource(value = CompressionType.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void gibibyteOfZerosStopsAtTheBound(CompressionType type) throws IOException {
        ByteBuffer bomb = zeros(type, 1 << 30);
        exceeded(type, bomb, ONE_MEBIBYTE);
        exceeded(type, bomb, DecompressionBounds.DEFAULT);
    }

    @ParameterizedTest
    @EnumSource(value = CompressionType.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void exactlyTheBoundComesOutAndOneByteMoreDoesNot(CompressionType type) throws Exception {
        ByteBuffer compressed = zeros(type, 3_000_000);
        try (Decompressor all = Decompressor.open(type, compressed, new DecompressionBounds(3_000_000, 1, 3_000_000))) {
            assertThat(drain(all, new AtomicLong())).isEqualTo(3_000_000);
        }
        exceeded(type, compressed, new DecompressionBounds(2_999_999, 1, 2_999_999));
    }

    @Test
    void ratioCountsAboveItsFreeBytes() throws Exception {
        ByteBuffer compressed = zeros(CompressionType.ZSTD, 20 * MEBIBYTE);
        assertThat(compressed.remaining()).isLessThan(20 * 1024);
        exceeded(CompressionType.ZSTD, compressed, DecompressionBounds.DEFAULT);
        try (Decompressor honest = Decompressor.open(
                CompressionType.ZSTD, zeros(CompressionType.ZSTD, 8 * MEBIBYTE), DecompressionBounds.DEFAULT)) {
            assertThat(drain(honest, new AtomicLong())).isEqualTo(8 * MEBIBYTE);
        }
    }

    @Test
    void zstdWindowOfTwoGibibytesIsRefusedUnread() {
        // Magic, no content size, window descriptor for 2^31, one raw block of four bytes.
        ByteBuffer frame = bytes("28b52ffd" + "00" + "a8" + "210000" + "61626364");
        exceeded(CompressionType.ZSTD, frame, DecompressionBounds.DEFAULT);
    }

    @Test
    void zstdContentSizeBeyondTheBoundIsRefusedUnread() {
        // Single segment with an eight-byte content size of 2^62.
        ByteBuffer frame = bytes("28b52ffd" + "e0" + "0000000000000040" + "210000" + "61626364");
        exceeded(CompressionType.ZSTD, frame, DecompressionBounds.DEFAULT);
    }

    @Test
    void zstdWindowOfTheSecondFrameIsLookedAtToo() throws IOException {
        byte[] first = array(zeros(CompressionType.ZSTD, 100));
        byte[] second = HexFormat.of().parseHex("28b52ffd00a821000061626364");
        ByteBuffer both =
                ByteBuffer.allocate(first.length + second.length).put(first).put(second);
        exceeded(CompressionType.ZSTD, both.flip(), DecompressionBounds.DEFAULT);
    }

    @Test
    void lz4ContentSizeBeyondTheBoundIsRefusedUnread() {
        exceeded(CompressionType.LZ4, lz4Frame(0x68, 0x40, 1L << 40, new byte[] {0, 0, 0, 0}), ONE_MEBIBYTE);
    }

    @Test
    void lz4BlocksOfFourMebibytesTakeNoMoreThanTheBound() {
        byte[] block = LZ4Factory.fastestInstance().fastCompressor().compress(new byte[4 * MEBIBYTE]);
        ByteBuffer blocks = ByteBuffer.allocate(block.length + 4).order(ByteOrder.LITTLE_ENDIAN);
        byte[] body = array(blocks.putInt(block.length).put(block).flip());
        exceeded(CompressionType.LZ4, lz4Frame(0x60, 0x70, -1, body), ONE_MEBIBYTE);
    }

    @Test
    void snappyBlockThatClaimsMoreThanItCanHoldIsRefusedUnread() {
        // A bare block: length 2^31 - 1, then a literal of one byte.
        corrupt(CompressionType.SNAPPY, bytes("ffffffff07" + "0061"));
    }

    @Test
    void xerialChunkThatClaimsMoreThanThereIsIsRefusedUnread() {
        String header = "82534e4150505900" + "00000001" + "00000001";
        corrupt(CompressionType.SNAPPY, bytes(header + "7fffffff" + "0061"));
        corrupt(CompressionType.SNAPPY, bytes(header + "ffffffff" + "0061"));
        corrupt(CompressionType.SNAPPY, bytes(header + "00000007" + "ffffffff07" + "0061"));
        corrupt(CompressionType.SNAPPY, bytes(header + "0000"));
    }

    @Test
    void bareSnappyBlockBeyondTheBoundIsRefusedUnread() throws IOException {
        exceeded(CompressionType.SNAPPY, ByteBuffer.wrap(Snappy.compress(new byte[2 * MEBIBYTE])), ONE_MEBIBYTE);
    }

    /** Must end with the bound; what came out before and what was allocated stays within it. */
    private static void exceeded(CompressionType type, ByteBuffer compressed, DecompressionBounds bounds) {
        long limit = bounds.limitFor(compressed.remaining());
        AtomicLong given = new AtomicLong();
        try (Decompressor decompressor = Decompressor.open(type, compressed, bounds)) {
            long before = allocatedBytes();
            DecompressionException thrown =
                    catchThrowableOfType(DecompressionException.class, () -> drain(decompressor, given));
            long allocated = allocatedBytes() - before;
            assertThat(thrown).isInstanceOf(DecompressionBoundExceededException.class);
            assertThat(allocated).as("allocated for " + type).isLessThanOrEqualTo(limit + OVERHEAD_BYTES);
        }
        assertThat(given.get()).isLessThanOrEqualTo(limit);
    }

    private static void corrupt(CompressionType type, ByteBuffer compressed) {
        try (Decompressor decompressor = Decompressor.open(type, compressed, DecompressionBounds.DEFAULT)) {
            long before = allocatedBytes();
            DecompressionException thrown =
                    catchThrowableOfType(DecompressionException.class, () -> drain(decompressor, new AtomicLong()));
            assertThat(allocatedBytes() - before).isLessThan(OVERHEAD_BYTES);
            assertThat(thrown).isInstanceOf(CorruptCompressionException.class);
        }
    }

    private static long drain(Decompressor decompressor, AtomicLong given) throws DecompressionException {
        for (ByteBuffer chunk = decompressor.next(); chunk != null; chunk = decompressor.next()) {
            given.addAndGet(chunk.remaining());
        }
        return given.get();
    }

    private static long allocatedBytes() {
        return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
    }

    private static ByteBuffer zeros(CompressionType type, int count) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        byte[] chunk = new byte[64 * 1024];
        try (OutputStream stream = Compressor.over(bytes, Compression.of(type))) {
            for (int left = count; left > 0; left -= chunk.length) {
                stream.write(chunk, 0, Math.min(left, chunk.length));
            }
        }
        return ByteBuffer.wrap(bytes.toByteArray());
    }

    /** @param contentSize -1: none in the header */
    private static ByteBuffer lz4Frame(int flags, int descriptor, long contentSize, byte[] body) {
        ByteBuffer frame = ByteBuffer.allocate(body.length + 19).order(ByteOrder.LITTLE_ENDIAN);
        frame.putInt(Lz4Decoder.MAGIC).put((byte) flags).put((byte) descriptor);
        if (contentSize >= 0) {
            frame.putLong(contentSize);
        }
        int hash = XXHashFactory.fastestInstance().hash32().hash(frame, 4, frame.position() - 4, 0);
        frame.put((byte) (hash >> 8)).put(body).putInt(0);
        return frame.flip();
    }

    private static ByteBuffer bytes(String hex) {
        return ByteBuffer.wrap(HexFormat.of().parseHex(hex));
    }

    private static byte[] array(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return Arrays.copyOf(bytes, bytes.length);
    }
}
