package io.wellspring.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.wellspring.batch.FileSlice;
import io.wellspring.batch.RecordBatch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random histories of a log against a list of batches in memory. The seed is the parameter. */
final class PartitionLogModelTest {
    private static final int STEPS = 400;

    /** A batch that the log should hold. */
    private record Written(long baseOffset, long nextOffset, ByteBuffer bytes) {}

    private final List<Written> model = new ArrayList<>();
    private long startOffset;
    private long endOffset;

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void whateverHappensTheLogHoldsWhatTheListHolds(long seed, @TempDir Path directory) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        LogSettings settings = LogFixture.settings(2_000 + random.nextInt(20_000), random.nextInt(1_500));
        try (LogFixture fixture = new LogFixture(directory, settings, new OpenFiles(1 + random.nextInt(6)))) {
            for (int step = 0; step < STEPS; step++) {
                step(fixture, random);
                assertThat(fixture.log.endOffset()).as("end, step %d", step).isEqualTo(endOffset);
                assertThat(fixture.log.startOffset()).as("start, step %d", step).isEqualTo(startOffset);
                readSomewhere(fixture.log, random);
            }
            readAll(fixture.log);
        }
    }

    private void step(LogFixture fixture, SplittableRandom random) throws IOException {
        PartitionLog log = fixture.log;
        switch (random.nextInt(20)) {
            case 0 -> log.roll();
            case 1 -> log.flush();
            case 2 -> truncate(log, random);
            case 3 -> {
                startOffset = startOffset + random.nextLong(endOffset - startOffset + 1);
                log.advanceStartOffset(startOffset);
            }
            case 4 -> retain(log, random);
            case 5 -> fixture.reopen();
            case 6 -> {
                log.flush();
                fixture.openAsFound();
            }
            default -> append(log, random);
        }
    }

    private void append(PartitionLog log, SplittableRandom random) throws IOException {
        List<RecordBatch> batches = new ArrayList<>();
        long next = endOffset;
        int count = 1 + random.nextInt(5);
        for (int i = 0; i < count; i++) {
            long base = next + (random.nextInt(6) == 0 ? random.nextInt(10) : 0);
            long[] timestampsMs = new long[1 + random.nextInt(4)];
            for (int record = 0; record < timestampsMs.length; record++) {
                timestampsMs[record] = random.nextInt(100_000);
            }
            RecordBatch batch = LogFixture.batch(base, random.nextInt(3), random.nextInt(400), timestampsMs);
            batches.add(batch);
            next = batch.nextOffset();
        }
        log.append(batches);
        for (RecordBatch batch : batches) {
            model.add(new Written(batch.baseOffset(), batch.nextOffset(), batch.bytes()));
        }
        endOffset = next;
    }

    private void truncate(PartitionLog log, SplittableRandom random) throws IOException {
        long back = random.nextInt(5) == 0 ? endOffset - startOffset + 3 : Math.min(40, endOffset);
        long offset = Math.max(0, endOffset - random.nextLong(back + 1));
        log.truncateTo(offset);
        if (offset < endOffset) {
            model.removeIf(batch -> batch.nextOffset() > offset);
            endOffset = offset;
            startOffset = Math.min(startOffset, offset);
            if (log.segmentCount() == 1 && log.sizeBytes() == 0) {
                model.clear();
            }
        }
    }

    private void retain(PartitionLog log, SplittableRandom random) throws IOException {
        LogSettings now = log.settings();
        long bytes = random.nextInt(3) == 0 ? -1 : random.nextInt(60_000);
        log.configure(new LogSettings(
                now.segmentBytes(),
                now.segmentMs(),
                0L,
                now.indexBytes(),
                now.indexIntervalBytes(),
                bytes,
                -1L,
                0L,
                now.flushMessages(),
                now.flushMs(),
                true,
                false,
                false));
        long limit = startOffset + random.nextLong(endOffset - startOffset + 1);
        log.applyRetention(limit);
        assertThat(log.startOffset()).isBetween(startOffset, Math.max(startOffset, limit));
        startOffset = log.startOffset();
    }

    private void readSomewhere(PartitionLog log, SplittableRandom random) throws IOException {
        if (startOffset == endOffset) {
            return;
        }
        long offset = random.nextInt(3) == 0
                ? Math.max(startOffset, endOffset - random.nextLong(1, 20))
                : random.nextLong(startOffset, endOffset);
        long end = random.nextBoolean() ? endOffset : random.nextLong(startOffset, endOffset + 1);
        int maxBytes = random.nextInt(6_000);
        boolean atLeastOne = random.nextBoolean();
        check(log, offset, end, maxBytes, atLeastOne);
    }

    private void readAll(PartitionLog log) throws IOException {
        long offset = startOffset;
        while (offset < endOffset) {
            long next = check(log, offset, endOffset, 3_000, true);
            if (next < 0) {
                break;
            }
            offset = next;
        }
    }

    /** Reads and compares; returns the offset after what was read, -1 for nothing. */
    private long check(PartitionLog log, long offset, long end, int maxBytes, boolean atLeastOne) throws IOException {
        String what =
                "read(%d, %d, %d, %s) of %d..%d".formatted(offset, end, maxBytes, atLeastOne, startOffset, endOffset);
        LogRead read = log.read(offset, end, maxBytes, atLeastOne);
        Written first = model.stream()
                .filter(batch -> batch.nextOffset() > offset)
                .findFirst()
                .orElse(null);
        if (offset >= end || first == null || first.nextOffset() > end) {
            assertThat(read).as(what).isEqualTo(new LogRead(null, false));
            return -1;
        }
        if (first.bytes().remaining() > maxBytes && !atLeastOne) {
            assertThat(read).as(what).isEqualTo(new LogRead(null, true));
            return -1;
        }
        FileSlice slice = Objects.requireNonNull(read.slice(), what);
        ByteBuffer bytes = ByteBuffer.allocate(slice.sizeBytes());
        slice.read(bytes, 0);
        slice.release();
        bytes.flip();
        return compare(what, model.indexOf(first), bytes, end, maxBytes);
    }

    private long compare(String what, int from, ByteBuffer bytes, long end, int maxBytes) {
        int index = from;
        long next = -1;
        while (bytes.hasRemaining()) {
            Written expected = model.get(index++);
            int size = expected.bytes().remaining();
            assertThat(bytes.remaining()).as(what).isGreaterThanOrEqualTo(size);
            ByteBuffer batch = bytes.slice(bytes.position(), size);
            bytes.position(bytes.position() + size);
            assertThat(batch).as(what).isEqualTo(expected.bytes());
            assertThat(expected.nextOffset()).as(what).isLessThanOrEqualTo(end);
            next = expected.nextOffset();
        }
        if (index > from + 1) {
            assertThat(bytes.limit()).as(what).isLessThanOrEqualTo(maxBytes);
        }
        return next;
    }
}
