package io.wellspring.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Finds a batch by its offset in the index of a full segment of 1 GiB: anywhere in the mapped file, and near the end, where the rows are in memory. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class OffsetIndexBenchmark {
    private static final int ROW_COUNT = 262_144;
    private static final int ROWS_IN_MEMORY = 256;
    private static final int RECORDS_PER_ROW = 4;
    private static final int BYTES_PER_ROW = 4096;

    private final SplittableRandom random = new SplittableRandom(1);
    private final OpenFiles openFiles = new OpenFiles(100);
    private Path directory = Path.of("");
    private IndexRows rows = OffsetIndex.rows(new DiskLogFiles(), openFiles, directory, 0);
    private OffsetIndex index = new OffsetIndex(0, rows);

    /** Fills the index. */
    @Setup
    public void fill() throws IOException {
        directory = Files.createTempDirectory("index");
        rows = OffsetIndex.rows(new DiskLogFiles(), openFiles, directory.resolve("0.index"), 0);
        index = new OffsetIndex(0, rows);
        for (int i = 0; i < ROW_COUNT; i++) {
            index.append((long) i * RECORDS_PER_ROW, i * BYTES_PER_ROW);
            if (i == ROW_COUNT - ROWS_IN_MEMORY || rows.isTailFull()) {
                rows.writeTail();
            }
        }
    }

    /** Deletes it. */
    @TearDown
    public void delete() throws IOException {
        rows.discard();
        Files.deleteIfExists(rows.path());
        Files.deleteIfExists(directory);
    }

    @Benchmark
    public OffsetIndex.Entry lookupAnywhere() throws IOException {
        return index.lookup(random.nextInt(ROW_COUNT * RECORDS_PER_ROW));
    }

    @Benchmark
    public OffsetIndex.Entry lookupNearTheEnd() throws IOException {
        int first = (ROW_COUNT - ROWS_IN_MEMORY) * RECORDS_PER_ROW;
        return index.lookup(first + random.nextInt(ROWS_IN_MEMORY * RECORDS_PER_ROW));
    }
}
