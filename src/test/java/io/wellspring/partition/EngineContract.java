package io.wellspring.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.wellspring.batch.RecordBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What every engine promises to whoever appends and reads, whatever drives the store. */
interface EngineContract {
    /** Leads its one shard. */
    PartitionRig rig();

    @Test
    default void offsetsAreDenseInTheOrderOfAppending() {
        try (PartitionRig rig = rig()) {
            Partition partition = rig.orders();
            List<CompletionStage<AppendOutcome>> answers = new ArrayList<>();
            for (int i = 1; i <= 20; i++) {
                answers.add(partition.append(PartitionRig.plain(i), PartitionRig.ACKS_ALL));
            }
            long expected = 0;
            for (int i = 1; i <= 20; i++) {
                assertThat(PartitionRig.offset(answers.get(i - 1))).isEqualTo(expected);
                expected += i;
            }
            assertThat(PartitionRig.readAll(partition))
                    .extracting(RecordBatch::recordCount)
                    .hasSize(20);
            assertThat(partition.highWatermark()).isEqualTo(expected);
        }
    }

    @Test
    default void anAppendIsAnsweredOnlyWhenReadersSeeIt() {
        try (PartitionRig rig = rig()) {
            Partition partition = rig.orders();
            for (int i = 0; i < 10; i++) {
                CompletableFuture<Boolean> seen = new CompletableFuture<>();
                partition
                        .append(PartitionRig.plain(3), PartitionRig.ACKS_ALL)
                        .thenAccept(outcome -> seen.complete(outcome instanceof AppendOutcome.Appended appended
                                && partition.highWatermark() >= appended.baseOffset() + 3
                                && partition.replica().log().flushedOffset() >= appended.baseOffset() + 3));
                assertThat(seen.join()).isTrue();
            }
        }
    }

    @Test
    default void refusedAppendsLeaveNoTrace() {
        try (PartitionRig rig = rig()) {
            Partition partition = rig.orders();
            PartitionRig.offset(partition.append(PartitionRig.idempotent(5, 0, 0, 2), PartitionRig.ACKS_ALL));
            assertThat(PartitionRig.refusal(
                            partition.append(PartitionRig.idempotent(5, 0, 3, 2), PartitionRig.ACKS_ALL)))
                    .isEqualTo(AppendRefusal.OUT_OF_ORDER_SEQUENCE);
            assertThat(partition.logEndOffset()).isEqualTo(2);
            assertThat(PartitionRig.offset(
                            partition.append(PartitionRig.idempotent(5, 0, 2, 2), PartitionRig.ACKS_ALL)))
                    .isEqualTo(2);
        }
    }

    @Test
    default void aRepeatedBatchGetsTheAnswerOfTheFirst() {
        try (PartitionRig rig = rig()) {
            Partition partition = rig.orders();
            for (int i = 0; i < 5; i++) {
                PartitionRig.offset(partition.append(PartitionRig.idempotent(5, 0, i, 1), PartitionRig.ACKS_ALL));
            }
            for (int i = 0; i < 5; i++) {
                assertThat(PartitionRig.offset(
                                partition.append(PartitionRig.idempotent(5, 0, i, 1), PartitionRig.ACKS_ALL)))
                        .isEqualTo(i);
            }
            assertThat(partition.logEndOffset()).isEqualTo(5);
        }
    }

    @Test
    default void aRepetitionUnderTheBrokersClockIsAnsweredWithTheTimeOfTheFirst() {
        try (PartitionRig rig = rig()) {
            Partition partition = rig.open(PartitionRig.ORDERS, Map.of("message.timestamp.type", "LogAppendTime"));
            AppendOutcome first =
                    PartitionRig.get(partition.append(PartitionRig.idempotent(5, 0, 0, 2), PartitionRig.ACKS_ALL));
            rig.nowMs.addAndGet(10_000);
            AppendOutcome again =
                    PartitionRig.get(partition.append(PartitionRig.idempotent(5, 0, 0, 2), PartitionRig.ACKS_ALL));
            assertThat(first).isEqualTo(new AppendOutcome.Appended(0, PartitionRig.NOW_MS, 0));
            assertThat(again).isEqualTo(first);
        }
    }

    @Test
    default void batchesCarryTheLeadersEpoch() {
        try (PartitionRig rig = rig()) {
            Partition partition = rig.orders();
            PartitionRig.offset(partition.append(PartitionRig.plain(1), PartitionRig.ACKS_ALL));
            assertThat(PartitionRig.readAll(partition))
                    .extracting(RecordBatch::leaderEpoch)
                    .containsExactly(partition.leaderEpoch());
        }
    }

    @Test
    default void waitersHearOfTheMoveAfterItIsVisible() {
        try (PartitionRig rig = rig()) {
            Partition partition = rig.orders();
            AtomicInteger calls = new AtomicInteger();
            AtomicBoolean isVisible = new AtomicBoolean();
            Runnable takeOut = partition.whenChanged(() -> {
                calls.incrementAndGet();
                isVisible.set(partition.highWatermark() == 1);
            });
            PartitionRig.offset(partition.append(PartitionRig.plain(1), PartitionRig.ACKS_ALL));
            takeOut.run();
            PartitionRig.offset(partition.append(PartitionRig.plain(1), PartitionRig.ACKS_ALL));
            assertThat(calls).hasValue(1);
            assertThat(isVisible).isTrue();
        }
    }

    @Test
    default void recordsBelowADeletedOffsetAreOutOfRange() {
        try (PartitionRig rig = rig()) {
            Partition partition = rig.orders();
            PartitionRig.offset(partition.append(PartitionRig.plain(5), PartitionRig.ACKS_ALL));
            assertThat(PartitionRig.get(partition.deleteRecords(6)))
                    .isEqualTo(new DeleteRecordsOutcome.Refused(ReadRefusal.OFFSET_OUT_OF_RANGE));
            assertThat(PartitionRig.get(partition.deleteRecords(3))).isEqualTo(new DeleteRecordsOutcome.Deleted(3));
            assertThat(PartitionRig.get(partition.deleteRecords(1))).isEqualTo(new DeleteRecordsOutcome.Deleted(3));
            assertThat(partition.read(PartitionRig.from(2))).isInstanceOf(ReadOutcome.Refused.class);
            assertThat(PartitionRig.get(partition.deleteRecords(-1))).isEqualTo(new DeleteRecordsOutcome.Deleted(5));
        }
    }

    @Test
    default void epochsOfReadersAreChecked() {
        try (PartitionRig rig = rig()) {
            Partition partition = rig.orders();
            int epoch = partition.leaderEpoch();
            ReadRequest newer =
                    new ReadRequest(0, epoch + 1, -1, io.wellspring.model.IsolationLevel.READ_UNCOMMITTED, 1, true);
            assertThat(partition.read(newer))
                    .isInstanceOfSatisfying(
                            ReadOutcome.Refused.class,
                            refused -> assertThat(refused.reason()).isEqualTo(ReadRefusal.UNKNOWN_EPOCH));
        }
    }

    @Test
    default void aBatchLargerThanASegmentIsRefused() {
        try (PartitionRig rig = rig()) {
            Partition partition =
                    rig.open(PartitionRig.ORDERS, Map.of("segment.bytes", "1048576", "max.message.bytes", "4000000"));
            byte[] value = new byte[1 << 20];
            assertThat(PartitionRig.refusal(partition.append(
                            new io.wellspring.batch.BatchBuilder()
                                    .append(1L, null, value)
                                    .build(),
                            PartitionRig.ACKS_ALL)))
                    .isEqualTo(AppendRefusal.BATCHES_TOO_LARGE);
        }
    }
}
