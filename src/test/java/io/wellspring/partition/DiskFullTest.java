package io.wellspring.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.wellspring.batch.BatchBuilder;
import io.wellspring.batch.RecordBatch;
import io.wellspring.testing.FaultyLogFiles;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a disk without room leaves of an append: nothing, and nothing that followed it. */
final class DiskFullTest {
    private static final long PRODUCER = 5;
    private static final int EPOCH = 1;

    @TempDir
    Path directory = Path.of("");

    private static PartitionRig leading(Path where, FaultyLogFiles files) {
        PartitionRig rig = PartitionRig.local(PartitionRig.Plan.in(where).files(files));
        PartitionRig.get(((LocalEngine) rig.engine).lead(0));
        return rig;
    }

    private static CompletionStage<AppendOutcome> append(Partition partition, int baseSequence, int sizeBytes) {
        ByteBuffer batch = new BatchBuilder()
                .producer(PRODUCER, (short) EPOCH, baseSequence)
                .append(PartitionRig.NOW_MS, null, new byte[sizeBytes])
                .build();
        return partition.append(batch, PartitionRig.ACKS_ALL);
    }

    @Test
    void aBatchThatFindsNoRoomLeavesNoTraceAndWhatFollowsWaitsForIt() {
        FaultyLogFiles files = new FaultyLogFiles(directory);
        try (PartitionRig rig = leading(directory, files)) {
            Partition partition = rig.orders();
            PartitionRig.offset(partition.append(PartitionRig.plain(1), PartitionRig.ACKS_ALL));
            files.noRoomAt(files.calls() + 1);
            assertThat(PartitionRig.refusal(append(partition, 0, 10))).isEqualTo(AppendRefusal.DISK_FULL);
            assertThat(partition.logEndOffset()).isEqualTo(1);
            assertThat(PartitionRig.refusal(append(partition, 1, 10))).isEqualTo(AppendRefusal.OUT_OF_ORDER_SEQUENCE);
            assertThat(PartitionRig.offset(append(partition, 0, 10))).isEqualTo(1);
            assertThat(PartitionRig.offset(append(partition, 1, 10))).isEqualTo(2);
            assertThat(partition.offlineReason()).isNull();
        }
    }

    /** The run begins in one segment and ends in the next: each of its steps may be the one that finds no room. */
    @Test
    void aRunOverTwoSegmentsIsStoredWholeOrNotAtAll() throws InterruptedException {
        boolean isOver = false;
        for (int step = 1; !isOver; step++) {
            Path here = directory.resolve("step-" + step);
            FaultyLogFiles files = new FaultyLogFiles(here);
            boolean isWhole;
            try (PartitionRig rig = leading(here, files)) {
                Partition partition = rig.open(PartitionRig.ORDERS, Map.of("segment.bytes", "1048576"));
                PartitionRig.offset(append(partition, 0, 300_000));
                int before = files.calls();
                files.noRoomAt(before + step);
                List<CompletionStage<AppendOutcome>> run = together(rig, partition);
                boolean isTaken = run.stream().allMatch(DiskFullTest::isAppended);
                isOver = files.calls() < before + step;
                assertThat(isTaken || run.stream().noneMatch(DiskFullTest::isAppended))
                        .as("step " + step)
                        .isTrue();
                assertThat(partition.highWatermark()).as("step " + step).isEqualTo(isTaken ? 3 : 1);
                // The log may go offline where something could not be forced: it promises nothing more then.
                isWhole = isAppended(append(partition, 1, 400_000)) && isAppended(append(partition, 2, 400_000));
                assertThat(isWhole || partition.offlineReason() != null)
                        .as("step " + step)
                        .isTrue();
                files.noRoomAt(Integer.MAX_VALUE);
            }
            // Looked at after a restart: a rolled segment is forced beside, and may meet the missing room at any time.
            try (PartitionRig rig = leading(here, new FaultyLogFiles(here))) {
                Partition partition = rig.open(PartitionRig.ORDERS, Map.of("segment.bytes", "1048576"));
                List<Integer> sequences = PartitionRig.readAll(partition).stream()
                        .map(RecordBatch::baseSequence)
                        .toList();
                assertThat(sequences).as("step " + step).isSubsetOf(0, 1, 2).startsWith(0);
                if (isWhole) {
                    assertThat(sequences).as("step " + step).containsExactly(0, 1, 2);
                }
            }
        }
    }

    /** Two appends that travel as one entry. */
    private static List<CompletionStage<AppendOutcome>> together(PartitionRig rig, Partition partition)
            throws InterruptedException {
        CountDownLatch latch = new CountDownLatch(1);
        rig.blockShard(latch);
        List<CompletionStage<AppendOutcome>> run =
                List.of(append(partition, 1, 400_000), append(partition, 2, 400_000));
        latch.countDown();
        run.forEach(PartitionRig::get);
        return run;
    }

    private static boolean isAppended(CompletionStage<AppendOutcome> answer) {
        return PartitionRig.get(answer) instanceof AppendOutcome.Appended;
    }
}
