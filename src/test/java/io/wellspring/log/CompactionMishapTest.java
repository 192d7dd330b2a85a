package io.wellspring.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wellspring.log.CompactionRig.Seen;
import io.wellspring.support.Ticker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compactions that fail, or that something happens to. */
class CompactionMishapTest {
    @TempDir
    Path directory;

    private CompactionRig rig;
    private PartitionLog log;

    @BeforeEach
    void makeALog() throws IOException {
        rig = new CompactionRig(new DiskLogFiles(), directory.resolve("data"));
        log = rig.create();
    }

    @AfterEach
    void end() {
        rig.kill();
    }

    private void twoValues() throws IOException {
        rig.put(log, "a", "1");
        rig.put(log, "a", "2");
        for (int i = 0; log.segmentCount() < 3; i++) {
            rig.put(log, "filler" + i, "a value that makes the segment full sooner or later");
        }
    }

    @Test
    void errorThatIsNoExceptionEndsOneCompactionAndNotAllOfThem() throws IOException {
        twoValues();
        rig.timers.advance(Duration.ofHours(1));

        assertThat(rig.pass(log, () -> {
                    throw new InternalError("a fault occurred in an unsafe memory access operation");
                }))
                .isTrue();

        assertThat(rig.store.cleaner().failures().get("prices-0")).contains("unsafe memory access");
        assertThat(rig.passLater(log)).isTrue();
        assertThat(CompactionRig.readAll(log))
                .filteredOn(seen -> "a".equals(seen.key()))
                .extracting(Seen::value)
                .containsExactly("2");
    }

    @Test
    void failureIsForgottenWhenTheLogIsDueNoMore() throws IOException {
        twoValues();
        rig.timers.advance(Duration.ofHours(1));
        assertThat(rig.pass(log, () -> {
                    throw new IllegalStateException("not now");
                }))
                .isTrue();
        assertThat(rig.store.cleaner().failures()).containsOnlyKeys("prices-0");

        rig.compaction = new CompactionSettings(1.0, 0L, Long.MAX_VALUE, 1000L);

        assertThat(rig.passLater(log)).isFalse();
        assertThat(rig.store.cleaner().failures()).isEmpty();
    }

    @Test
    void segmentThatIsCutWhileItIsCompactedStaysCut() throws IOException {
        int[] calls = {0};
        try (CompactionRig other = new CompactionRig(new DiskLogFiles(), directory.resolve("other"))) {
            PartitionLog same = other.create();
            fillWithOneKey(other, same);
            compaction(same, () -> calls[0]++).run();
        }
        int last = calls[0] - 1;
        calls[0] = 0;
        fillWithOneKey(rig, log);
        // In the last segment that is compacted.
        long cut = log.segments().get(log.segmentCount() - 2).baseOffset() + 1;
        LogCompaction compaction = compaction(log, () -> {
            if (calls[0]++ == last) {
                // Everything was read and written, and is about to take its place.
                truncate(cut);
                put("b", "new");
            }
            return 0L;
        });

        assertThatThrownBy(compaction::run).isInstanceOf(CompactionStoppedException.class);

        assertThat(log.isOffline()).isFalse();
        List<Seen> left = CompactionRig.readAll(log);
        assertThat(left.getLast().value()).isEqualTo("new");
        assertThat(left.getLast().offset()).isEqualTo(cut);
        assertThat(left).filteredOn(seen -> seen.offset() > cut).isEmpty();
    }

    private static void fillWithOneKey(CompactionRig rig, PartitionLog log) throws IOException {
        for (int i = 0; log.segmentCount() < 4; i++) {
            rig.put(log, "a", "value " + i);
        }
        log.flushSealed();
    }

    private LogCompaction compaction(PartitionLog of, Ticker ticker) {
        return new LogCompaction(
                of,
                new LogCompaction.Plan(0L, of.segments().getLast().baseOffset(), List.of(), rig.nowMs, 1000L),
                new KeyOffsets(KeyOffsets.MIN_MEMORY_BYTES, new KeyHash(1, 2)),
                new Pace(ticker, 1L << 40, new CountDownLatch(1)));
    }

    private void put(String key, String value) {
        try {
            rig.put(log, key, value);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private void truncate(long offset) {
        try {
            log.truncateTo(offset);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
