package io.wellspring.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.wellspring.batch.FileSlice;
import io.wellspring.batch.RecordBatch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Readers at all offsets while one writer appends, rolls, flushes and retires, with fewer open files than there are segments. */
final class PartitionLogReadersTest {
    private static final int APPENDS = 3_000;
    private static final int READERS = 3;

    @TempDir
    Path directory;

    @Test
    void everyReaderGetsWholeBatchesFromTheOffsetItAskedForToTheCommittedOne()
            throws IOException, InterruptedException, ExecutionException {
        LogSettings settings = LogFixture.settings(8_000, 200);
        try (LogFixture fixture = new LogFixture(directory, settings, new OpenFiles(3));
                ExecutorService threads = Executors.newFixedThreadPool(READERS)) {
            AtomicLong committed = new AtomicLong();
            AtomicBoolean done = new AtomicBoolean();
            List<Future<Integer>> readers = new ArrayList<>();
            for (int i = 0; i < READERS; i++) {
                readers.add(threads.submit(reader(fixture.log, i, committed, done)));
            }
            try {
                write(fixture, committed);
            } finally {
                done.set(true);
            }
            for (Future<Integer> reader : readers) {
                assertThat(reader.get()).isPositive();
            }
        }
    }

    private static void write(LogFixture fixture, AtomicLong committed) throws IOException {
        SplittableRandom random = new SplittableRandom(42);
        for (int i = 0; i < APPENDS; i++) {
            fixture.append(1 + random.nextInt(3), random.nextInt(300));
            if (i % 3 == 0) {
                committed.set(fixture.log.endOffset());
            }
            if (i % 50 == 0) {
                fixture.log.flush();
            }
            if (i % 200 == 0) {
                fixture.log.advanceStartOffset(Math.max(0, committed.get() - 600));
                fixture.log.applyRetention(committed.get());
            }
        }
    }

    private static Callable<Integer> reader(PartitionLog log, long seed, AtomicLong committed, AtomicBoolean done) {
        return () -> {
            SplittableRandom random = new SplittableRandom(seed);
            int found = 0;
            while (!done.get() || found == 0) {
                long end = committed.get();
                long offset = random.nextBoolean()
                        ? Math.max(0, end - random.nextInt(1, 10))
                        : random.nextLong(log.startOffset(), Math.max(end, log.startOffset()) + 1);
                FileSlice slice =
                        log.read(offset, end, random.nextInt(5_000), true).slice();
                if (slice != null) {
                    check(slice, offset, end);
                    found++;
                }
            }
            return found;
        };
    }

    private static void check(FileSlice slice, long offset, long end) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(slice.sizeBytes());
        try {
            slice.read(bytes, 0);
        } finally {
            slice.release();
        }
        bytes.flip();
        long next = offset;
        int position = 0;
        while (position < bytes.limit()) {
            RecordBatch batch = RecordBatch.at(bytes, position);
            assertThat(batch.isCrcValid()).isTrue();
            assertThat(batch.baseOffset()).isLessThanOrEqualTo(next);
            assertThat(batch.nextOffset()).isBetween(next + 1, end);
            next = batch.nextOffset();
            position += batch.sizeBytes();
        }
    }
}
