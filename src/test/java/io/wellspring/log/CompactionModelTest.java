package io.wellspring.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.wellspring.log.CompactionRig.Seen;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random keys, tombstones, codecs, times, compactions, restarts and kills, beside a model of plain maps that knows nothing of segments: after each
 * compaction the log, read from offset 0 by Kafka's classes, is what the model says.
 */
class CompactionModelTest {
    private static final Compression[] CODECS = {
        Compression.NONE,
        Compression.gzip().build(),
        Compression.snappy().build(),
        Compression.lz4().build(),
        Compression.zstd().build()
    };

    @TempDir
    Path directory;

    /** Records by batch; what was taken out is gone from the list. */
    private static final class Batch {
        private final List<Seen> records = new ArrayList<>();
        private @Nullable Long horizonMs;

        private long lastOffset;
    }

    private final List<Batch> model = new ArrayList<>();

    private List<Seen> expected() {
        return model.stream().flatMap(batch -> batch.records.stream()).toList();
    }

    /** What compacting everything below an offset leaves. */
    private void compactModel(long cleanedTo, long nowMs, long deleteRetentionMs) {
        Map<String, Long> last = new HashMap<>();
        for (Seen record : expected()) {
            if (record.offset() < cleanedTo) {
                last.put(record.key(), record.offset());
            }
        }
        for (Batch batch : model) {
            boolean isOver = batch.horizonMs != null && nowMs >= batch.horizonMs;
            batch.records.removeIf(record -> record.offset() < cleanedTo
                    && (record.offset() < last.getOrDefault(record.key(), -1L) || (record.value() == null && isOver)));
            boolean hasTombstone = batch.records.stream().anyMatch(record -> record.value() == null);
            if (batch.horizonMs == null && hasTombstone && batch.lastOffset < cleanedTo) {
                batch.horizonMs = nowMs + deleteRetentionMs;
            }
        }
    }

    private void append(PartitionLog log, RandomGenerator random, long nowMs) throws IOException {
        int count = random.nextInt(1, 6);
        SimpleRecord[] records = new SimpleRecord[count];
        Batch batch = new Batch();
        for (int i = 0; i < count; i++) {
            String key = "key" + random.nextInt(30);
            String value = random.nextInt(6) == 0 ? null : "value of " + key + " at " + (log.endOffset() + i);
            long timestampMs = nowMs - random.nextInt(500);
            records[i] = CompactionRig.simple(timestampMs, key, value);
            batch.records.add(new Seen(log.endOffset() + i, timestampMs, key, value));
        }
        Compression codec = CODECS[random.nextInt(CODECS.length)];
        log.append(List.of(CompactionRig.batch(log.endOffset(), codec, records)));
        batch.lastOffset = log.endOffset() - 1;
        model.add(batch);
        log.flush();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void logReadFromItsStartIsWhatTheModelSays(long seed) throws IOException {
        RandomGenerator random = RandomGeneratorFactory.getDefault().create(seed);
        CompactionRig rig = new CompactionRig(new DiskLogFiles(), directory.resolve("data"));
        PartitionLog log = rig.create();
        int compactions = 0;
        for (int step = 0; step < 600; step++) {
            String where = "seed " + seed + ", step " + step;
            int choice = random.nextInt(100);
            if (choice < 85) {
                append(log, random, rig.nowMs);
                rig.nowMs += random.nextInt(50);
            } else if (choice < 95) {
                rig.timers.advance(Duration.ofMinutes(1));
                if (rig.pass(log)) {
                    assertThat(rig.store.cleaner().failures()).as(where).isEmpty();
                    compactModel(rig.cleanedTo(), rig.nowMs, rig.compaction.deleteRetentionMs());
                    compactions++;
                }
                assertThat(CompactionRig.readAll(log)).as(where).isEqualTo(expected());
                checkTimes(log, where);
            } else {
                long nowMs = rig.nowMs;
                if (choice < 98) {
                    rig.close();
                } else {
                    rig.kill();
                }
                rig = new CompactionRig(new DiskLogFiles(), directory.resolve("data"));
                rig.nowMs = nowMs;
                log = rig.open();
                assertThat(log.offlineReason()).as(where).isNull();
                assertThat(CompactionRig.readAll(log)).as(where).isEqualTo(expected());
            }
        }
        assertThat(compactions).isGreaterThan(20);
        assertThat(log.segments()).noneMatch(segment -> segment.sizeBytes() > CompactionRig.SEGMENT_BYTES);
        rig.close();
    }

    /** ListOffsets finds what a walk over all records finds. */
    private void checkTimes(PartitionLog log, String where) throws IOException {
        List<Seen> all = expected();
        for (int i = 0; i < all.size(); i += 7) {
            long wantedMs = all.get(i).timestampMs();
            Seen first = all.stream()
                    .filter(record -> record.timestampMs() >= wantedMs)
                    .findFirst()
                    .orElseThrow();
            assertThat(log.firstAtOrAfter(wantedMs, log.endOffset()))
                    .as("%s, time %d", where, wantedMs)
                    .extracting(found -> found == null ? -1L : found.offset())
                    .isEqualTo(first.offset());
        }
    }
}
