package io.wellspring.batch.compression;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.stream.Stream;
import net.jpountz.lz4.LZ4Factory;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.utils.internals.ByteBufferOutputStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Frames as Kafka's clients write them, with each of the library's decoders, from each kind of buffer. */
final class Lz4DecoderTest {
    private static final long ROOM = 1L << 20;

    static Stream<LZ4Factory> decoders() {
        return Stream.of(LZ4Factory.nativeInstance(), LZ4Factory.fastestJavaInstance());
    }

    @ParameterizedTest
    @MethodSource("decoders")
    void framesOfManyBlocksAreRead(LZ4Factory decoder) throws IOException, DecompressionException {
        byte[] content = mixedContent(300_000);
        byte[] frame = kafkasFrame(content);

        assertThat(read(ByteBuffer.wrap(frame), decoder)).isEqualTo(content);
        assertThat(read(ByteBuffer.wrap(frame).asReadOnlyBuffer(), decoder)).isEqualTo(content);
        assertThat(read(direct(frame), decoder)).isEqualTo(content);
    }

    @ParameterizedTest
    @MethodSource("decoders")
    void framesOfAnySizeAreReadFromDirectBuffers(LZ4Factory decoder) throws IOException, DecompressionException {
        for (int size = 1; size < 20_000; size += 617) {
            byte[] content = mixedContent(size);
            byte[] frame = kafkasFrame(content);
            assertThat(read(direct(frame), decoder)).as("size %d", size).isEqualTo(content);
        }
    }

    private static ByteBuffer direct(byte[] bytes) {
        return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
    }

    private static byte[] read(ByteBuffer frame, LZ4Factory factory) throws DecompressionException {
        ByteBuffer all = ByteBuffer.allocate((int) ROOM);
        try (Lz4Decoder decoder = new Lz4Decoder(frame, factory)) {
            for (ByteBuffer chunk = decoder.next(ROOM); chunk != null; chunk = decoder.next(ROOM)) {
                all.put(chunk);
            }
        }
        byte[] read = new byte[all.position()];
        all.get(0, read);
        return read;
    }

    /** Short runs, long runs and noise by turns. */
    private static byte[] mixedContent(int size) {
        Random random = new Random(size);
        byte[] content = new byte[size];
        for (int at = 0; at < size; ) {
            int run = Math.min(size - at, 1 + random.nextInt(400));
            int period = 1 + random.nextInt(60);
            boolean isNoise = random.nextInt(3) == 0;
            for (int i = 0; i < run; i++) {
                content[at + i] = (byte) (isNoise ? random.nextInt() : i % period);
            }
            at += run;
        }
        return content;
    }

    private static byte[] kafkasFrame(byte[] content) throws IOException {
        ByteBufferOutputStream bytes = new ByteBufferOutputStream(content.length + 1000);
        try (OutputStream lz4 = Compression.lz4().build().wrapForOutput(bytes, RecordBatch.CURRENT_MAGIC_VALUE)) {
            lz4.write(content);
        }
        byte[] frame = new byte[bytes.buffer().position()];
        bytes.buffer().get(0, frame);
        return frame;
    }
}
