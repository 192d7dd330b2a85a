package io.wellspring.batch.compression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wellspring.model.CompressionType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import net.jpountz.lz4.LZ4FrameOutputStream;
import net.jpountz.lz4.LZ4FrameOutputStream.BLOCKSIZE;
import net.jpountz.lz4.LZ4FrameOutputStream.FLG.Bits;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.utils.internals.BufferSupplier;
import org.apache.kafka.common.utils.internals.ByteBufferOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.xerial.snappy.Snappy;

final class DecompressorTest {
    private static final int[] SIZES = {1, 2, 100, 32_768, 65_535, 65_536, 65_537, 131_073, 1 << 20, 3_000_001};

    @ParameterizedTest
    @EnumSource(value = CompressionType.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void weReadWhatKafkasClassesWriteAndTheyReadWhatWeWrite(CompressionType type) throws Exception {
        for (int size : SIZES) {
            byte[] content = content(size);
            assertThat(read(type, kafkas(type, content))).as("%d bytes", size).isEqualTo(content);
            ByteBuffer ours = ours(Compression.of(type), content);
            assertThat(read(type, ours)).isEqualTo(content);
            try (InputStream kafka =
                    kafkas(type).wrapForInput(ours, RecordBatch.MAGIC_VALUE_V2, BufferSupplier.NO_CACHING)) {
                assertThat(kafka.readAllBytes()).isEqualTo(content);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(value = CompressionType.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void contentCutAtAnyByteIsCorrupt(CompressionType type) throws IOException {
        byte[] content = content(300);
        ByteBuffer whole = ours(Compression.of(type), content);
        for (int size = 0; size < whole.limit(); size++) {
            // Chunks of xerial's framing have no end mark: a cut between them shows only in the missing records.
            if (type == CompressionType.SNAPPY && size == 16) {
                continue;
            }
            ByteBuffer cut = whole.duplicate().limit(size);
            assertThatThrownBy(() -> read(type, cut))
                    .as("%s, %d of %d bytes", type, size, whole.limit())
                    .isInstanceOf(CorruptCompressionException.class);
        }
    }

    @ParameterizedTest
    @EnumSource(value = CompressionType.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void garbageEndsInOneOfTheDeclaredWays(CompressionType type) throws IOException {
        long seed = Long.getLong("wellspring.test.seed", new Random().nextLong());
        Random random = new Random(seed);
        ByteBuffer whole = ours(Compression.of(type), content(5_000));
        for (int i = 0; i < 4_000; i++) {
            byte[] damaged = array(whole);
            if (i % 10 == 0) {
                random.nextBytes(damaged);
            }
            for (int n = random.nextInt(4); n >= 0; n--) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            }
            try {
                assertThat(read(type, ByteBuffer.wrap(damaged)).length).isLessThanOrEqualTo(64 << 20);
            } catch (DecompressionException e) {
                assertThat(e.getMessage()).as("seed %d, round %d", seed, i).isNotBlank();
            }
        }
    }

    @Test
    void bareSnappyBlockIsRead() throws Exception {
        for (int size : SIZES) {
            byte[] content = content(size);
            assertThat(read(CompressionType.SNAPPY, ByteBuffer.wrap(Snappy.compress(content))))
                    .isEqualTo(content);
        }
    }

    @Test
    void joinedStreamsAreReadAsOne() throws Exception {
        for (CompressionType type : List.of(CompressionType.SNAPPY, CompressionType.GZIP, CompressionType.ZSTD)) {
            byte[] content = content(70_000);
            ByteBuffer once = ours(Compression.of(type), content);
            ByteBuffer twice = ByteBuffer.allocate(2 * once.remaining())
                    .put(once.duplicate())
                    .put(once)
                    .flip();
            byte[] read = read(type, twice);
            assertThat(read)
                    .as(type.label())
                    .hasSize(2 * content.length)
                    .startsWith(content)
                    .endsWith(content);
        }
    }

    @Test
    void gzipHeaderWithAllItsPartsIsRead() throws Exception {
        byte[] content = content(1_000);
        ByteArrayOutputStream plain = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(plain)) {
            gzip.write(content);
        }
        byte[] body = Arrays.copyOfRange(plain.toByteArray(), 10, plain.size());
        byte[] header = HexFormat.of().parseHex("1f8b081e000000000003" + "0300616263" + "6e00" + "6300");
        java.util.zip.CRC32 crc = new java.util.zip.CRC32();
        crc.update(header);
        ByteBuffer whole = ByteBuffer.allocate(header.length + 2 + body.length)
                .put(header)
                .put((byte) crc.getValue())
                .put((byte) (crc.getValue() >> 8))
                .put(body)
                .flip();
        assertThat(read(CompressionType.GZIP, whole)).isEqualTo(content);
        whole.put(11, (byte) 9);
        assertThatThrownBy(() -> read(CompressionType.GZIP, whole)).isInstanceOf(CorruptCompressionException.class);
    }

    @Test
    void lz4FramesWithChecksumsSizesAndLargeBlocksAreRead() throws Exception {
        byte[] content = content(5_000_000);
        for (BLOCKSIZE size : BLOCKSIZE.values()) {
            ByteBuffer frame = lz4(size, content);
            assertThat(read(CompressionType.LZ4, frame)).isEqualTo(content);
            assertThat(read(CompressionType.LZ4, frame.asReadOnlyBuffer())).isEqualTo(content);
            List<Integer> lookedAt = new ArrayList<>(List.of(4, 5, 6, 14, 15, 40, frame.limit() - 1));
            lookedAt.forEach(at -> {
                ByteBuffer damaged = ByteBuffer.wrap(array(frame));
                damaged.put(at, (byte) (damaged.get(at) ^ 0x10));
                assertThatThrownBy(() -> read(CompressionType.LZ4, damaged))
                        .as("byte %d", at)
                        .isInstanceOf(CorruptCompressionException.class);
            });
        }
    }

    @Test
    void zstdOfEveryWindowOfKafkasLevelsIsRead() throws Exception {
        byte[] content = content(2_000_000);
        for (int level : new int[] {1, 3, 19, 22}) {
            ByteBuffer compressed = ours(new Compression(CompressionType.ZSTD, level), content);
            ByteBuffer direct = ByteBuffer.allocateDirect(compressed.remaining());
            direct.put(compressed.duplicate()).flip();
            assertThat(read(CompressionType.ZSTD, direct)).isEqualTo(content);
        }
    }

    private static ByteBuffer lz4(BLOCKSIZE size, byte[] content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream stream = new LZ4FrameOutputStream(
                bytes,
                size,
                content.length,
                Bits.BLOCK_INDEPENDENCE,
                Bits.BLOCK_CHECKSUM,
                Bits.CONTENT_CHECKSUM,
                Bits.CONTENT_SIZE)) {
            stream.write(content);
        }
        return ByteBuffer.wrap(bytes.toByteArray());
    }

    private static byte[] read(CompressionType type, ByteBuffer compressed) throws DecompressionException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (Decompressor decompressor = Decompressor.open(type, compressed, DecompressionBounds.DEFAULT)) {
            for (ByteBuffer chunk = decompressor.next(); chunk != null; chunk = decompressor.next()) {
                byte[] copy = new byte[chunk.remaining()];
                chunk.get(copy);
                bytes.writeBytes(copy);
            }
        }
        return bytes.toByteArray();
    }

    private static byte[] array(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(buffer.position(), bytes);
        return bytes;
    }

    private static ByteBuffer ours(Compression compression, byte[] content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream stream = Compressor.over(bytes, compression)) {
            stream.write(content);
        }
        return ByteBuffer.wrap(bytes.toByteArray());
    }

    private static ByteBuffer kafkas(CompressionType type, byte[] content) throws IOException {
        ByteBufferOutputStream bytes = new ByteBufferOutputStream(512);
        try (OutputStream stream = kafkas(type).wrapForOutput(bytes, RecordBatch.MAGIC_VALUE_V2)) {
            stream.write(content);
        }
        return bytes.buffer().flip();
    }

    private static org.apache.kafka.common.compress.Compression kafkas(CompressionType type) {
        return org.apache.kafka.common.compress.Compression.of(type.label()).build();
    }

    /** Words and noise by turns. */
    private static byte[] content(int size) {
        Random random = new Random(size);
        byte[] content = new byte[size];
        random.nextBytes(content);
        for (int i = 0; i < size; i++) {
            if ((i / 100) % 3 > 0) {
                content[i] = (byte) ('a' + i % 13);
            }
        }
        return content;
    }
}
