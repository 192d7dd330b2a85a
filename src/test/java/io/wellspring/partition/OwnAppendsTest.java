package io.wellspring.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.wellspring.testing.ScriptedEngine;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Appends of the broker's own coordinators, which go on when their records are written. */
final class OwnAppendsTest {
    @TempDir
    Path directory = Path.of("");

    @Test
    void writtenIsToldBeforeTheCommitAndCommittedAfterIt() {
        try (PartitionRig rig = rig()) {
            Partition partition = rig.orders();
            script(rig).hold();

            WrittenThenCommitted first = partition.appendOwn(PartitionRig.plain(3));
            WrittenThenCommitted second = partition.appendOwn(PartitionRig.plain(2));

            assertThat(PartitionRig.get(first.written())).isEqualTo(3L);
            assertThat(PartitionRig.get(second.written())).isEqualTo(5L);
            assertThat(partition.highWatermark()).isZero();
            CompletableFuture<AppendOutcome> committed = first.committed().toCompletableFuture();
            assertThat(committed).isNotDone();
            script(rig).commit(1);
            assertThat(committed).isDone();
            assertThat(second.committed().toCompletableFuture()).isNotDone();
            assertThat(partition.highWatermark()).isEqualTo(3L);
        }
    }

    @Test
    void repetitionCountsAsWrittenWhenItIsCommitted() {
        try (PartitionRig rig = rig()) {
            Partition partition = rig.orders();
            PartitionRig.get(
                    partition.appendOwn(PartitionRig.idempotent(9, 0, 0, 3)).committed());

            WrittenThenCommitted again = partition.appendOwn(PartitionRig.idempotent(9, 0, 0, 3));

            assertThat(PartitionRig.get(again.committed())).isInstanceOf(AppendOutcome.Appended.class);
            assertThat(again.written().toCompletableFuture()).isCompletedWithValue(3L);
        }
    }

    @Test
    void whatIsTakenBackWasWrittenAndIsRefused() {
        try (PartitionRig rig = rig()) {
            Partition partition = rig.orders();
            script(rig).hold();
            WrittenThenCommitted append = partition.appendOwn(PartitionRig.plain(3));

            script(rig).loseLeadership();

            assertThat(PartitionRig.get(append.written())).isEqualTo(3L);
            assertThat(PartitionRig.refusal(append.committed())).isEqualTo(AppendRefusal.NOT_LEADER);
        }
    }

    @Test
    void whatIsRefusedAtOnceWasNeverWritten() {
        try (PartitionRig rig = rig()) {
            Partition partition = rig.orders();
            script(rig).loseLeadership();

            WrittenThenCommitted append = partition.appendOwn(PartitionRig.plain(3));

            assertThat(PartitionRig.get(append.written())).isEqualTo(-1L);
            assertThat(PartitionRig.refusal(append.committed())).isEqualTo(AppendRefusal.NOT_LEADER);
        }
    }

    private PartitionRig rig() {
        return new PartitionRig(PartitionRig.Plan.in(directory), ScriptedEngine::new);
    }

    private static ScriptedEngine script(PartitionRig rig) {
        return (ScriptedEngine) rig.engine;
    }
}
