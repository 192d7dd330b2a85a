package io.wellspring.log;

import io.wellspring.batch.FileSlice;
import io.wellspring.batch.RecordBatch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * One batch of 16 KB appended to a log, alone or with others that waited, nothing forced; and the read of what was appended last, as a consumer at the tail
 * asks for it. Each iteration has a log of its own in the directory for temporary files, which needs some GB of room.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class AppendBenchmark {
    private static final int SEGMENT_SIZE_BYTES = 1 << 30;
    private static final int INDEX_INTERVAL_BYTES = 4096;
    private static final int RECORDS_PER_BATCH = 16;
    private static final int VALUE_SIZE_BYTES = 1000;

    /** Batches in one append. */
    @Param({"1", "8"})
    int batchCount;

    private final List<RecordBatch> batches = new ArrayList<>();
    private Path directory = Path.of("");
    private List<LogFixture> fixtures = List.of();

    /** Makes an empty log. */
    @Setup(Level.Iteration)
    public void create() throws IOException {
        directory = Files.createTempDirectory("append");
        fixtures = List.of(new LogFixture(directory, LogFixture.settings(SEGMENT_SIZE_BYTES, INDEX_INTERVAL_BYTES)));
        batches.clear();
        for (int i = 0; i < batchCount; i++) {
            RecordBatch built = LogFixture.batch(0, 0, VALUE_SIZE_BYTES, new long[RECORDS_PER_BATCH]);
            ByteBuffer outside = ByteBuffer.allocateDirect(built.sizeBytes());
            batches.add(RecordBatch.at(outside.put(built.bytes()).flip(), 0));
        }
        append();
    }

    /** Deletes it. */
    @TearDown(Level.Iteration)
    public void delete() throws IOException {
        for (LogFixture fixture : fixtures) {
            fixture.close();
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /** Offsets are assigned in place, as the broker does. */
    @Benchmark
    public long append() throws IOException {
        PartitionLog log = fixtures.getFirst().log;
        long offset = log.endOffset();
        for (RecordBatch batch : batches) {
            batch.assignBaseOffset(offset);
            offset = batch.nextOffset();
        }
        log.append(batches);
        return offset;
    }

    @Benchmark
    public int readAtTheTail() throws IOException {
        PartitionLog log = fixtures.getFirst().log;
        long end = log.endOffset();
        FileSlice slice =
                log.read(end - RECORDS_PER_BATCH, end, Integer.MAX_VALUE, true).slice();
        if (slice == null) {
            throw new IllegalStateException("nothing at the end of the log");
        }
        int sizeBytes = slice.sizeBytes();
        slice.release();
        return sizeBytes;
    }
}
