package io.wellspring.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.EndTransactionMarker;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What compaction leaves of transactions and of producers; the batches are Kafka's. */
class CompactionOfTransactionsTest {
    private static final long PRODUCER = 7L;
    private static final short EPOCH = 3;

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

    /** Records of other keys, until the segments before are sealed. */
    private void fill() throws IOException {
        int before = log.segmentCount();
        for (int i = 0; log.segmentCount() < before + 2; i++) {
            rig.put(log, "filler" + i, "a value that makes the segment full sooner or later");
        }
    }

    private boolean pass() {
        rig.timers.advance(Duration.ofHours(1));
        return rig.pass(log);
    }

    private List<String> valuesOf(String key) throws IOException {
        return CompactionRig.readAll(log).stream()
                .filter(record -> key.equals(record.key()))
                .map(record -> String.valueOf(record.value()))
                .toList();
    }

    private void transaction(String key, String value, int sequence) throws IOException {
        CompactionRig.append(
                log,
                MemoryRecords.withTransactionalRecords(
                        log.endOffset(),
                        Compression.NONE,
                        PRODUCER,
                        EPOCH,
                        sequence,
                        0,
                        CompactionRig.simple(rig.nowMs, key, value)));
    }

    private void marker(ControlRecordType type) throws IOException {
        CompactionRig.append(
                log,
                MemoryRecords.withEndTransactionMarker(
                        log.endOffset(), rig.nowMs, 0, PRODUCER, EPOCH, new EndTransactionMarker(type, 5)));
    }

    private long markers() throws IOException {
        return CompactionRig.batches(log).stream()
                .filter(org.apache.kafka.common.record.internal.RecordBatch::isControlBatch)
                .count();
    }

    @Test
    void recordsOfAnAbortedTransactionGoAndReplaceNothingAndItsMarkerFollows() throws IOException {
        rig.put(log, "a", "kept");
        transaction("a", "aborted", 0);
        marker(ControlRecordType.ABORT);
        transaction("b", "committed", 1);
        marker(ControlRecordType.COMMIT);
        fill();

        pass();
        assertThat(valuesOf("a")).containsExactly("kept");
        assertThat(valuesOf("b")).containsExactly("committed");
        assertThat(markers()).as("of both transactions something was there").isEqualTo(2);

        fill();
        pass();
        assertThat(markers())
                .as("nothing is left of the first, its horizon is set")
                .isEqualTo(2);

        rig.nowMs += 1000;
        fill();
        pass();
        assertThat(markers()).as("a record of the second is left").isEqualTo(1);
        assertThat(valuesOf("b")).containsExactly("committed");
    }

    @Test
    void transactionWhoseMarkerLiesInALaterSegmentIsKnownToBeAborted() throws IOException {
        rig.put(log, "a", "kept");
        transaction("a", "aborted", 0);
        fill();
        long markerAt = log.endOffset();
        marker(ControlRecordType.ABORT);

        pass();

        assertThat(rig.cleanedTo()).isLessThanOrEqualTo(markerAt);
        assertThat(valuesOf("a")).containsExactly("kept");
    }

    @Test
    void transactionWhoseMarkerLiesBehindAnotherThatIsOpenIsKnownToBeAborted() throws IOException {
        rig.put(log, "a", "kept");
        transaction("a", "aborted", 0);
        fill();
        // Another transaction begins here and has not ended: all below is stable, and the marker is not below.
        rig.stableOffset = log.endOffset();
        rig.put(log, "other", "undecided");
        marker(ControlRecordType.ABORT);

        assertThat(pass()).isTrue();

        assertThat(valuesOf("a")).containsExactly("kept");
    }

    @Test
    void lastBatchOfAProducerStaysWithoutRecordsUntilTheProducerIsForgotten() throws IOException {
        for (int i = 0; i < 3; i++) {
            CompactionRig.append(
                    log,
                    MemoryRecords.withIdempotentRecords(
                            log.endOffset(),
                            Compression.NONE,
                            PRODUCER,
                            EPOCH,
                            i,
                            0,
                            CompactionRig.simple(rig.nowMs, "a", "of the producer " + i)));
        }
        rig.put(log, "a", "newest");
        fill();
        rig.producers = List.of(new ProducerSnapshot.Entry(PRODUCER, EPOCH, 2, 2L, 0, rig.nowMs, -1, -1L));

        pass();

        assertThat(valuesOf("a")).containsExactly("newest");
        var first = CompactionRig.batches(log).getFirst();
        assertThat(first.producerId()).isEqualTo(PRODUCER);
        assertThat(first.producerEpoch()).isEqualTo(EPOCH);
        assertThat(first.lastSequence()).isEqualTo(2);
        assertThat(first.lastOffset()).isEqualTo(2);
        assertThat(first.countOrNull()).isZero();

        rig.producers = List.of();
        fill();
        pass();
        assertThat(CompactionRig.batches(log).getFirst().producerId()).isEqualTo(-1L);
    }
}
