package io.wellspring.batch;

import io.wellspring.batch.compression.Compression;
import io.wellspring.batch.compression.DecompressionBounds;
import io.wellspring.model.CompressionType;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What a produce request costs before it is appended: the whole validation of one batch, and its CRC alone, which is the least. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class BatchValidationBenchmark {
    private static final long NOW_MS = 1_700_000_000_000L;

    @Param({"NONE", "LZ4", "ZSTD"})
    CompressionType codec = CompressionType.NONE;

    /** Of 1000 bytes each; 16 make a batch of about 16 KB uncompressed, 128 one of 128 KB. */
    @Param({"16", "128"})
    int recordCount;

    private final BatchValidator validator = new BatchValidator(DecompressionBounds.DEFAULT);
    private final ValidationRules rules = ValidationRules.defaults();
    private ByteBuffer batch = ByteBuffer.allocate(0);

    /** Builds the batch. Its memory is outside the heap, as that of frames is. */
    @Setup
    public void build() {
        SplittableRandom random = new SplittableRandom(1);
        BatchBuilder builder = new BatchBuilder().compression(Compression.of(codec));
        for (int i = 0; i < recordCount; i++) {
            StringBuilder text = new StringBuilder();
            while (text.length() < 1000) {
                text.append("{\"user\":").append(random.nextInt(100_000)).append(",\"event\":\"click\"}");
            }
            text.setLength(1000);
            builder.append(
                    NOW_MS + i,
                    ("key-" + random.nextInt(10_000)).getBytes(StandardCharsets.UTF_8),
                    text.toString().getBytes(StandardCharsets.UTF_8));
        }
        ByteBuffer built = builder.build();
        batch = ByteBuffer.allocateDirect(built.remaining()).put(built).flip();
    }

    @Benchmark
    public ValidationOutcome validate() {
        return validator.validate(batch, rules, NOW_MS);
    }

    @Benchmark
    public boolean crcAlone() {
        return RecordBatch.at(batch, 0).isCrcValid();
    }
}
