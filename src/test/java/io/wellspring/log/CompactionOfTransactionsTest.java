package io.wellspring.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
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
        rig.fill(log);

        rig.passLater(log);
        assertThat(CompactionRig.valuesOf(log, "a")).containsExactly("kept");
        assertThat(CompactionRig.valuesOf(log, "b")).containsExactly("committed");
        assertThat(markers()).as("of both transactions something was there").isEqualTo(2);

        rig.fill(log);
        rig.passLater(log);
        assertThat(markers())
                .as("nothing is left of the first, its horizon is set")
                .isEqualTo(2);

        rig.nowMs += 1000;
        rig.fill(log);
        rig.passLater(log);
        assertThat(markers()).as("a record of the second is left").isEqualTo(1);
        assertThat(CompactionRig.valuesOf(log, "b")).containsExactly("committed");
    }

    @Test
    void transactionWhoseMarkerLiesInALaterSegmentIsKnownToBeAborted() throws IOException {
        rig.put(log, "a", "kept");
        transaction("a", "aborted", 0);
        rig.fill(log);
        long markerAt = log.endOffset();
        marker(ControlRecordType.ABORT);

        rig.passLater(log);

        assertThat(rig.cleanedTo()).isLessThanOrEqualTo(markerAt);
        assertThat(CompactionRig.valuesOf(log, "a")).containsExactly("kept");
    }

    @Test
    void transactionWhoseMarkerLiesBehindAnotherThatIsOpenIsKnownToBeAborted() throws IOException {
        rig.put(log, "a", "kept");
        transaction("a", "aborted", 0);
        rig.fill(log);
        // Another transaction begins here and has not ended: all below is stable, and the marker is not below.
        rig.stableOffset = log.endOffset();
        rig.put(log, "other", "undecided");
        marker(ControlRecordType.ABORT);

        assertThat(rig.passLater(log)).isTrue();

        assertThat(CompactionRig.valuesOf(log, "a")).containsExactly("kept");
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
        rig.fill(log);
        rig.producers = List.of(new ProducerSnapshot.Entry(PRODUCER, EPOCH, 2, 2L, 0, rig.nowMs, -1, -1L));

        rig.passLater(log);

        assertThat(CompactionRig.valuesOf(log, "a")).containsExactly("newest");
        var first = CompactionRig.batches(log).getFirst();
        assertThat(first.producerId()).isEqualTo(PRODUCER);
        assertThat(first.producerEpoch()).isEqualTo(EPOCH);
        assertThat(first.lastSequence()).isEqualTo(2);
        assertThat(first.lastOffset()).isEqualTo(2);
        assertThat(first.countOrNull()).isZero();

        rig.producers = List.of();
        rig.fill(log);
        rig.passLater(log);
        assertThat(CompactionRig.batches(log).getFirst().producerId()).isEqualTo(-1L);
    }
}
