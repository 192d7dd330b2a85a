package io.wellspring.log;

import io.wellspring.batch.RecordBatch;
import io.wellspring.batch.compression.DecompressionBounds;
import io.wellspring.model.TopicId;
import io.wellspring.model.TopicPartition;
import io.wellspring.support.Timers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;

/** One log in a directory of a test, with a clock that the test moves and a keeper that remembers. Batches are made by Kafka's own classes. */
final class LogFixture implements AutoCloseable {
    static final TopicPartition PARTITION = new TopicPartition("orders", 3);

    final RememberingKeeper keeper = new RememberingKeeper();
    final RememberingState derived = new RememberingState();
    final OpenFiles openFiles;
    final LogPlace place;
    final LogSurroundings surroundings;
    final LogSettings settings;
    long nowMs = 1_000_000L;

    /** What the wall clock goes before the monotonic one. */
    long jumpMs;

    int indexesRebuilt;
    PartitionLog log;

    LogFixture(Path directory, LogSettings settings) throws IOException {
        this(directory, settings, new OpenFiles(100));
    }

    LogFixture(Path directory, LogSettings settings, OpenFiles openFiles) throws IOException {
        this(directory, settings, openFiles, new DiskLogFiles());
    }

    LogFixture(Path directory, LogSettings settings, OpenFiles openFiles, LogFiles files) throws IOException {
        this(directory, settings, openFiles, files, DecompressionBounds.DEFAULT);
    }

    LogFixture(Path directory, LogSettings settings, OpenFiles openFiles, LogFiles files, DecompressionBounds bounds)
            throws IOException {
        this.openFiles = openFiles;
        this.settings = settings;
        this.place = new LogPlace(PARTITION, TopicId.ZERO, Files.createDirectories(directory.resolve("orders-3")));
        this.surroundings = new LogSurroundings(
                new LogEnvironment(
                        files,
                        () -> Instant.ofEpochMilli(nowMs + jumpMs),
                        () -> nowMs * 1_000_000L,
                        new NoTimers(),
                        metrics(),
                        bounds),
                openFiles,
                keeper);
        this.log = new LogOpener(surroundings).create(place, settings, 0L, derived);
    }

    private LogMetrics metrics() {
        return new LogMetrics() {
            @Override
            public void indexesRebuilt() {
                indexesRebuilt++;
            }
        };
    }

    Path directory() {
        return place.directory();
    }

    /** Kafka's defaults with small segments and an index row for about every batch. */
    static LogSettings settings(int segmentBytes, int indexIntervalBytes) {
        LogSettings defaults = LogSettings.DEFAULTS;
        return new LogSettings(
                segmentBytes,
                defaults.segmentMs(),
                0L,
                defaults.indexBytes(),
                indexIntervalBytes,
                -1L,
                -1L,
                defaults.fileDeleteDelayMs(),
                defaults.flushMessages(),
                defaults.flushMs(),
                true,
                false,
                false);
    }

    /** A batch of records with these timestamps; each value has the given size. */
    static RecordBatch batch(long baseOffset, int leaderEpoch, int valueBytes, long... timestampsMs) {
        SimpleRecord[] records = new SimpleRecord[timestampsMs.length];
        for (int i = 0; i < records.length; i++) {
            records[i] = new SimpleRecord(timestampsMs[i], ByteBuffer.wrap(new byte[] {(byte) i}), value(valueBytes));
        }
        MemoryRecords built = MemoryRecords.withRecords(
                RecordBatch.MAGIC,
                baseOffset,
                Compression.NONE,
                TimestampType.CREATE_TIME,
                RecordBatch.NO_PRODUCER_ID,
                RecordBatch.NO_PRODUCER_EPOCH,
                RecordBatch.NO_SEQUENCE,
                leaderEpoch,
                false,
                records);
        return RecordBatch.at(built.buffer(), 0);
    }

    private static ByteBuffer value(int size) {
        return ByteBuffer.allocate(size);
    }

    /** Appends one batch at the end; returns its base offset. */
    long append(int records, int valueBytes) throws IOException {
        long base = log.endOffset();
        long[] timestampsMs = new long[records];
        for (int i = 0; i < records; i++) {
            timestampsMs[i] = nowMs + i;
        }
        log.append(List.of(batch(base, 0, valueBytes, timestampsMs)));
        return base;
    }

    /** Closes the log and opens it as the next start after a clean stop does. */
    void reopen() throws IOException {
        log.close();
        openAsFound();
    }

    /** Opens the log again with what is on disk, as recovery would find it whole; the old one is dropped without a stop. */
    void openAsFound() throws IOException {
        List<Segment> segments = log.segments();
        List<RecoveredLog.SegmentOnDisk> found = new ArrayList<>();
        for (int i = 0; i < segments.size(); i++) {
            Segment segment = segments.get(i);
            found.add(new RecoveredLog.SegmentOnDisk(
                    segment.baseOffset(),
                    segment.sizeBytes(),
                    i + 1 < segments.size() ? segments.get(i + 1).baseOffset() : segment.nextOffset()));
        }
        DurableMark mark = Objects.requireNonNull(log.durableMark());
        List<LeaderEpochs.Entry> epochs = log.leaderEpochs().entries();
        long start = log.startOffset();
        log.discard();
        log = new LogOpener(surroundings)
                .open(place, settings, new RecoveredLog.Whole(found, start, mark, epochs, null), derived);
        log.restoreDerivedState();
    }

    @Override
    public void close() {
        log.discard();
    }

    /** Deletes at once and keeps the calls. */
    static final class RememberingKeeper implements LogKeeper {
        final List<String> calls = new ArrayList<>();
        final List<Path> deleted = new ArrayList<>();

        @Override
        public void startOffsetMoves(PartitionLog log, long startOffset) {
            calls.add("start " + startOffset);
        }

        @Override
        public void truncating(PartitionLog log, long endOffset) {
            DurableMark mark = log.durableMark();
            calls.add("truncating " + endOffset + " marked " + (mark == null ? -1 : mark.endOffset()));
        }

        @Override
        public void rolled(PartitionLog log) {
            calls.add("rolled");
        }

        @Override
        public void deleteLater(List<Path> files, long delayMs) {
            for (Path file : files) {
                deleted.add(file);
                try {
                    Files.delete(file);
                } catch (IOException failure) {
                    throw new UncheckedIOException(failure);
                }
            }
        }

        @Override
        public void wentOffline(PartitionLog log, String reason) {
            calls.add("offline");
        }
    }

    /** Counts batches: the state is the offset up to which it was told. */
    static final class RememberingState implements DerivedState {
        final List<Long> replayed = new ArrayList<>();
        long restoredAt = -1;

        @Override
        public void restore(long offset, List<ProducerSnapshot.Entry> entries) {
            restoredAt = offset;
            replayed.clear();
        }

        @Override
        public void replay(RecordBatch batch) {
            replayed.add(batch.baseOffset());
        }

        @Override
        public List<ProducerSnapshot.Entry> snapshot() {
            return List.of();
        }
    }

    private static final class NoTimers implements Timers {
        @Override
        public Cancellable after(Duration delay, Runnable task) {
            return () -> {};
        }

        @Override
        public Cancellable every(Duration delay, Runnable task) {
            return () -> {};
        }
    }
}
