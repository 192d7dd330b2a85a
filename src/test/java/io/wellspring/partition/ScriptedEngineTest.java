package io.wellspring.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.wellspring.batch.RecordBatch;
import io.wellspring.model.TopicId;
import io.wellspring.testing.ScriptedEngine;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The store and the partition under an engine that does what a cluster may do. */
final class ScriptedEngineTest implements EngineContract {
    @TempDir
    Path directory = Path.of("");

    @Override
    public PartitionRig rig() {
        return new PartitionRig(PartitionRig.Plan.in(directory), ScriptedEngine::new);
    }

    private static ScriptedEngine script(PartitionRig rig) {
        return (ScriptedEngine) rig.engine;
    }

    private static CompletableFuture<AppendOutcome> append(Partition partition, int baseSequence, int recordCount) {
        return partition
                .append(PartitionRig.idempotent(5, 0, baseSequence, recordCount), PartitionRig.ACKS_ALL)
                .toCompletableFuture();
    }

    @Test
    void nothingIsAnsweredOrVisibleBeforeItsCommit() {
        try (PartitionRig rig = rig()) {
            Partition partition = rig.orders();
            script(rig).hold();
            CompletableFuture<AppendOutcome> first = append(partition, 0, 2);
            CompletableFuture<AppendOutcome> second = append(partition, 2, 3);
            assertThat(partition.logEndOffset()).isEqualTo(5);
            assertThat(partition.highWatermark()).isZero();
            assertThat(partition.read(PartitionRig.from(0)))
                    .isInstanceOfSatisfying(
                            ReadOutcome.Records.class,
                            found -> assertThat(found.records()).isNull());
            assertThat(first).isNotDone();
            script(rig).commit(1);
            assertThat(first).isDone();
            assertThat(second).isNotDone();
            assertThat(partition.highWatermark()).isEqualTo(2);
            assertThat(PartitionRig.readAll(partition)).hasSize(1);
        }
    }

    @Test
    void aRepetitionIsAnsweredNoSoonerThanWhatItRepeats() {
        try (PartitionRig rig = rig()) {
            Partition partition = rig.orders();
            script(rig).hold();
            CompletableFuture<AppendOutcome> first = append(partition, 0, 2);
            CompletableFuture<AppendOutcome> again = append(partition, 0, 2);
            assertThat(again).isNotDone();
            script(rig).commit(1);
            assertThat(first).isDone();
            assertThat(again).isNotDone();
            script(rig).commit(1);
            assertThat(PartitionRig.offset(again)).isZero();
            assertThat(partition.logEndOffset()).isEqualTo(2);
        }
    }

    @Test
    void lossOfLeadershipTakesBackWhatWasNotCommittedAndItsProducersState() {
        try (PartitionRig rig = rig()) {
            Partition partition = rig.orders();
            PartitionRig.offset(append(partition, 0, 2));
            script(rig).hold();
            CompletableFuture<AppendOutcome> lost = append(partition, 2, 3);
            CompletableFuture<AppendOutcome> repeated = append(partition, 2, 3);
            script(rig).loseLeadership();
            assertThat(PartitionRig.refusal(lost)).isEqualTo(AppendRefusal.NOT_LEADER);
            assertThat(PartitionRig.refusal(repeated)).isEqualTo(AppendRefusal.NOT_LEADER);
            assertThat(partition.logEndOffset()).isEqualTo(2);
            assertThat(partition.isLeader()).isFalse();
            assertThat(PartitionRig.refusal(append(partition, 2, 3))).isEqualTo(AppendRefusal.NOT_LEADER);
            assertThat(partition.read(PartitionRig.from(0)))
                    .isInstanceOfSatisfying(
                            ReadOutcome.Refused.class,
                            refused -> assertThat(refused.reason()).isEqualTo(ReadRefusal.NOT_LEADER));

            script(rig).lead(3);
            CompletableFuture<AppendOutcome> anew = append(partition, 2, 3);
            script(rig).commit(1);
            assertThat(PartitionRig.offset(anew)).isEqualTo(2);
            assertThat(PartitionRig.readAll(partition))
                    .extracting(RecordBatch::leaderEpoch)
                    .containsExactly(0, 3);
            assertThat(partition.leaderEpochs().entries())
                    .extracting(io.wellspring.log.LeaderEpochs.Entry::startOffset)
                    .containsExactly(0L, 2L);
        }
    }

    @Test
    void aReaderOfAnEarlierLeaderIsToldWhereItsLogDiverges() {
        try (PartitionRig rig = rig()) {
            Partition partition = rig.orders();
            PartitionRig.offset(append(partition, 0, 2));
            script(rig).loseLeadership();
            script(rig).lead(3);
            PartitionRig.offset(append(partition, 2, 3));
            ReadRequest ahead =
                    new ReadRequest(4, 3, 0, io.wellspring.model.IsolationLevel.READ_UNCOMMITTED, 1 << 20, true);
            assertThat(partition.read(ahead)).isInstanceOfSatisfying(ReadOutcome.Records.class, found -> {
                assertThat(found.records()).isNull();
                assertThat(found.diverging()).isEqualTo(new io.wellspring.log.LeaderEpochs.EpochEnd(0, 2));
            });
            ReadRequest fenced =
                    new ReadRequest(4, 2, -1, io.wellspring.model.IsolationLevel.READ_UNCOMMITTED, 1 << 20, true);
            assertThat(partition.read(fenced))
                    .isInstanceOfSatisfying(
                            ReadOutcome.Refused.class,
                            refused -> assertThat(refused.reason()).isEqualTo(ReadRefusal.FENCED_EPOCH));
        }
    }

    @Test
    void whatABrokerLeadingAnewFindsBeyondItsHighWatermarkIsCut() {
        try (PartitionRig rig = rig()) {
            Partition partition = rig.orders();
            PartitionRig.offset(append(partition, 0, 2));
            script(rig).hold();
            CompletableFuture<AppendOutcome> lost = append(partition, 2, 3);
            rig.store.becomeLeader(1);
            assertThat(partition.logEndOffset()).isEqualTo(2);
            assertThat(partition.highWatermark()).isEqualTo(2);
            assertThat(lost).isNotDone();
        }
    }

    /** Another topic's partition in the place of this one. */
    private static Partition recreated(PartitionRig rig, Partition old) {
        rig.opener.retire(old);
        rig.opener.deleteFiles(old);
        return rig.open(new TopicId(3, 4), PartitionRig.ORDERS, Map.of());
    }

    @Test
    void aLateCommitForADeletedTopicDoesNotMoveTheOneOfItsNameThatCameAfter() {
        try (PartitionRig rig = rig()) {
            Partition old = rig.orders();
            script(rig).hold();
            CompletableFuture<AppendOutcome> late = append(old, 0, 3);
            Partition anew = recreated(rig, old);
            script(rig).commit(1);
            assertThat(PartitionRig.refusal(late)).isEqualTo(AppendRefusal.NOT_LEADER);
            assertThat(anew.highWatermark()).isZero();
        }
    }

    @Test
    void aCutForADeletedTopicDoesNotCutTheOneOfItsNameThatCameAfter() {
        try (PartitionRig rig = rig()) {
            Partition old = rig.orders();
            script(rig).hold();
            CompletableFuture<AppendOutcome> late = append(old, 0, 3);
            Partition anew = recreated(rig, old);
            CompletableFuture<AppendOutcome> kept = append(anew, 0, 2);
            script(rig).commit(2);
            assertThat(PartitionRig.offset(kept)).isZero();
            assertThat(PartitionRig.refusal(late)).isEqualTo(AppendRefusal.NOT_LEADER);
            script(rig).loseLeadership();
            assertThat(anew.logEndOffset()).isEqualTo(2);
        }
    }

    @Test
    void waitersHearOfTheLossOfLeadership() {
        try (PartitionRig rig = rig()) {
            Partition partition = rig.orders();
            AtomicInteger calls = new AtomicInteger();
            partition.whenChanged(calls::incrementAndGet);
            script(rig).loseLeadership();
            assertThat(calls.get()).isPositive();
        }
    }
}
