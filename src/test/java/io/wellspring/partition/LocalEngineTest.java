package io.wellspring.partition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wellspring.batch.RecordBatch;
import io.wellspring.log.FlushPolicy;
import io.wellspring.log.LogMetrics;
import io.wellspring.model.TopicId;
import io.wellspring.model.TopicPartition;
import io.wellspring.testing.FaultyLogFiles;
import io.wellspring.topic.TopicSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LocalEngineTest implements EngineContract {
    private static final int EPOCH = 4;

    @TempDir
    Path directory = Path.of("");

    @Override
    public PartitionRig rig() {
        return leading(PartitionRig.Plan.in(directory));
    }

    private static PartitionRig leading(PartitionRig.Plan plan) {
        PartitionRig rig = PartitionRig.local(plan);
        PartitionRig.get(((LocalEngine) rig.engine).lead(EPOCH));
        return rig;
    }

    @Test
    void everythingThatWaitsIsMadeDurableByOneFlushOfEachLog() throws InterruptedException {
        AtomicInteger groups = new AtomicInteger();
        AtomicInteger flushedLogs = new AtomicInteger();
        AtomicInteger forces = new AtomicInteger();
        PartitionMetrics metrics = counting(groups, flushedLogs);
        LogMetrics logMetrics = new LogMetrics() {
            @Override
            public void flushed(long nanos) {
                forces.incrementAndGet();
            }
        };
        try (PartitionRig rig = leading(PartitionRig.Plan.in(directory).metrics(metrics, logMetrics))) {
            Partition one = rig.orders();
            Partition two = rig.open(new TopicPartition("orders", 1), Map.of());
            CountDownLatch latch = new CountDownLatch(1);
            rig.blockShard(latch);
            List<CompletionStage<AppendOutcome>> answers = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                answers.add((i % 2 == 0 ? one : two).append(PartitionRig.plain(1), PartitionRig.ACKS_ALL));
            }
            forces.set(0);
            latch.countDown();
            answers.forEach(PartitionRig::offset);
            assertThat(groups).hasValue(1);
            assertThat(flushedLogs).hasValue(2);
            assertThat(forces).hasValue(2);
        }
    }

    private static PartitionMetrics counting(AtomicInteger groups, AtomicInteger flushedLogs) {
        return new PartitionMetrics() {
            @Override
            public void groupCommitted(int shard, int appends, int entries, long sizeBytes, long nanos) {
                groups.incrementAndGet();
            }

            @Override
            public void flushed(int shard, int logCount, long elapsedNanos) {
                flushedLogs.addAndGet(logCount);
            }
        };
    }

    @Test
    void aFullQueueRefusesAtOnceAndTakesAgainLater() throws InterruptedException {
        PartitionRig.Plan plan = PartitionRig.Plan.in(directory).limits(new LocalEngine.QueueLimits(3, 1L << 20));
        try (PartitionRig rig = leading(plan)) {
            Partition partition = rig.orders();
            CountDownLatch latch = new CountDownLatch(1);
            rig.blockShard(latch);
            List<CompletionStage<AppendOutcome>> taken = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                taken.add(partition.append(PartitionRig.plain(1), PartitionRig.ACKS_ALL));
            }
            assertThat(PartitionRig.refusal(partition.append(PartitionRig.plain(1), PartitionRig.ACKS_ALL)))
                    .isEqualTo(AppendRefusal.QUEUE_FULL);
            latch.countDown();
            taken.forEach(PartitionRig::offset);
            assertThat(PartitionRig.offset(partition.append(PartitionRig.plain(1), PartitionRig.ACKS_ALL)))
                    .isEqualTo(3);
        }
    }

    @Test
    void whatFollowsABatchThatFoundTheQueueFullWaitsForItEvenIfItsProducerIsNew() throws InterruptedException {
        PartitionRig.Plan plan = PartitionRig.Plan.in(directory).limits(new LocalEngine.QueueLimits(1, 1L << 20));
        try (PartitionRig rig = leading(plan)) {
            Partition partition = rig.orders();
            CountDownLatch latch = new CountDownLatch(1);
            rig.blockShard(latch);
            CompletionStage<AppendOutcome> taken = partition.append(PartitionRig.plain(1), PartitionRig.ACKS_ALL);
            assertThat(refusalOf(partition, 0)).isEqualTo(AppendRefusal.QUEUE_FULL);
            latch.countDown();
            PartitionRig.offset(taken);
            assertThat(refusalOf(partition, 1)).isEqualTo(AppendRefusal.OUT_OF_ORDER_SEQUENCE);
            PartitionRig.offset(partition.append(PartitionRig.idempotent(5, 0, 0, 1), PartitionRig.ACKS_ALL));
            PartitionRig.offset(partition.append(PartitionRig.idempotent(5, 0, 1, 1), PartitionRig.ACKS_ALL));
            assertThat(PartitionRig.readAll(partition))
                    .extracting(RecordBatch::baseSequence)
                    .containsExactly(-1, 0, 1);
        }
    }

    @Test
    void whatFollowsABatchThatWasRefusedUnreadWaitsForIt() {
        try (PartitionRig rig = rig()) {
            Partition partition = rig.open(PartitionRig.ORDERS, Map.of("min.insync.replicas", "2"));
            assertThat(refusalOf(partition, 0)).isEqualTo(AppendRefusal.NOT_ENOUGH_REPLICAS);
            partition.configure(TopicSettings.of(Map.of()));
            assertThat(refusalOf(partition, 1)).isEqualTo(AppendRefusal.OUT_OF_ORDER_SEQUENCE);
            PartitionRig.offset(partition.append(PartitionRig.idempotent(5, 0, 0, 1), PartitionRig.ACKS_ALL));
        }
    }

    private static AppendRefusal refusalOf(Partition partition, int baseSequence) {
        return PartitionRig.refusal(
                partition.append(PartitionRig.idempotent(5, 0, baseSequence, 1), PartitionRig.ACKS_ALL));
    }

    @Test
    void aFailedFlushAcknowledgesNothingAndOnlyThatPartitionStops() {
        FaultyLogFiles files = new FaultyLogFiles(directory);
        try (PartitionRig rig = leading(PartitionRig.Plan.in(directory).files(files))) {
            Partition broken = rig.orders();
            Partition other = rig.open(new TopicPartition("orders", 1), Map.of());
            PartitionRig.offset(broken.append(PartitionRig.plain(1), PartitionRig.ACKS_ALL));
            PartitionRig.offset(other.append(PartitionRig.plain(1), PartitionRig.ACKS_ALL));
            // The next append is one write and one force.
            files.failAt(files.calls() + 2);
            assertThat(PartitionRig.refusal(broken.append(PartitionRig.plain(1), PartitionRig.ACKS_ALL)))
                    .isEqualTo(AppendRefusal.LOG_OFFLINE);
            assertThat(broken.highWatermark()).isEqualTo(1);
            assertThat(broken.offlineReason()).isNotNull();
            assertThat(PartitionRig.refusal(broken.append(PartitionRig.plain(1), PartitionRig.ACKS_ALL)))
                    .isEqualTo(AppendRefusal.LOG_OFFLINE);
            assertThat(broken.read(PartitionRig.from(0)))
                    .isInstanceOfSatisfying(
                            ReadOutcome.Refused.class,
                            refused -> assertThat(refused.reason()).isEqualTo(ReadRefusal.LOG_OFFLINE));
            assertThat(PartitionRig.offset(other.append(PartitionRig.plain(1), PartitionRig.ACKS_ALL)))
                    .isEqualTo(1);
            assertThat(files.forcesAfterFailedForce()).isEmpty();
        }
    }

    @Test
    void nobodyAppendsBeforeTheBrokerLeads() {
        try (PartitionRig rig = PartitionRig.local(PartitionRig.Plan.in(directory))) {
            Partition partition = rig.orders();
            assertThat(PartitionRig.refusal(partition.append(PartitionRig.plain(1), PartitionRig.ACKS_ALL)))
                    .isEqualTo(AppendRefusal.NOT_LEADER);
        }
    }

    @Test
    void moreInsyncReplicasThanOneAreNotThereForAcksAll() {
        try (PartitionRig rig = rig()) {
            Partition partition = rig.open(PartitionRig.ORDERS, Map.of("min.insync.replicas", "2"));
            assertThat(PartitionRig.refusal(partition.append(PartitionRig.plain(1), PartitionRig.ACKS_ALL)))
                    .isEqualTo(AppendRefusal.NOT_ENOUGH_REPLICAS);
            assertThat(PartitionRig.offset(partition.append(PartitionRig.plain(1), (short) 1)))
                    .isZero();
        }
    }

    @Test
    void transactionalBatchesOfClientsAreRefused() {
        try (PartitionRig rig = rig()) {
            Partition partition = rig.orders();
            assertThat(PartitionRig.refusal(partition.append(
                            PartitionRig.records(
                                    new io.wellspring.batch.BatchBuilder()
                                            .producer(5, (short) 0, 0)
                                            .transactional(),
                                    1),
                            PartitionRig.ACKS_ALL)))
                    .isEqualTo(AppendRefusal.INVALID_TRANSACTION_STATE);
            assertThat(partition.logEndOffset()).isZero();
        }
    }

    @Test
    void aClosedEngineFinishesWhatItTookAndRefusesTheRest() throws InterruptedException {
        try (PartitionRig rig = rig()) {
            Partition partition = rig.orders();
            CountDownLatch latch = new CountDownLatch(1);
            rig.blockShard(latch);
            CompletionStage<AppendOutcome> taken = partition.append(PartitionRig.plain(1), PartitionRig.ACKS_ALL);
            latch.countDown();
            rig.engine.close();
            assertThat(PartitionRig.offset(taken)).isZero();
            assertThat(PartitionRig.refusal(partition.append(PartitionRig.plain(1), PartitionRig.ACKS_ALL)))
                    .isEqualTo(AppendRefusal.QUEUE_FULL);
            assertThatThrownBy(() -> PartitionRig.get(rig.engine.barrier(new ShardId(0))))
                    .isInstanceOf(CompletionException.class)
                    .hasCauseInstanceOf(RejectedExecutionException.class);
        }
    }

    @Test
    void underALazyPolicyTopicsMayAskForTheFlush() {
        try (PartitionRig rig = leading(PartitionRig.Plan.in(directory).flush(FlushPolicy.OS))) {
            Partition byCount = rig.open(PartitionRig.ORDERS, Map.of("flush.messages", "2"));
            Partition byTime = rig.open(new TopicPartition("orders", 1), Map.of("flush.ms", "500"));
            PartitionRig.offset(byCount.append(PartitionRig.plain(1), PartitionRig.ACKS_ALL));
            assertThat(byCount.replica().log().flushedOffset()).isZero();
            assertThat(byCount.highWatermark()).isEqualTo(1);
            PartitionRig.offset(byCount.append(PartitionRig.plain(1), PartitionRig.ACKS_ALL));
            assertThat(byCount.replica().log().flushedOffset()).isEqualTo(2);

            PartitionRig.offset(byTime.append(PartitionRig.plain(1), PartitionRig.ACKS_ALL));
            long never = Long.MAX_VALUE;
            long tick = Duration.ofMillis(100).toNanos();
            rig.time.advance(Duration.ofMillis(399));
            PartitionRig.get(rig.engine.execute(new ShardId(0), () -> flushDue(rig, never, tick)));
            assertThat(byTime.replica().log().flushedOffset()).isZero();
            rig.time.advance(Duration.ofMillis(1));
            PartitionRig.get(rig.engine.execute(new ShardId(0), () -> flushDue(rig, never, tick)));
            assertThat(byTime.replica().log().flushedOffset()).isEqualTo(1);
        }
    }

    @Test
    void anAppendMeantForADeletedTopicDoesNotReachTheOneOfItsNameThatCameAfter() {
        try (PartitionRig rig = rig()) {
            Partition old = rig.orders();
            rig.opener.retire(old);
            rig.opener.deleteFiles(old);
            TopicId other = new TopicId(3, 4);
            Partition anew = rig.open(other, PartitionRig.ORDERS, Map.of());
            // Its sender looked the partition up before the deletion and comes to the queue after the creation.
            PartitionAppend late = new PartitionAppend(old.id(), old.topicId(), List.of(TestBatches.plain(1)), -1L);
            assertThat(PartitionRig.refusal(rig.engine.append(new ShardId(0), late, PartitionRig.ACKS_ALL)))
                    .isEqualTo(AppendRefusal.NOT_LEADER);
            assertThat(anew.logEndOffset()).isZero();
        }
    }

    @Test
    void anErrorInACommandIsItsCallersAndTheShardGoesOn() {
        try (PartitionRig rig = rig()) {
            Partition partition = rig.orders();
            CompletionStage<Integer> failed = rig.engine.execute(new ShardId(0), () -> {
                throw new NoClassDefFoundError("thrown by the test");
            });
            assertThatThrownBy(() -> PartitionRig.get(failed)).hasCauseInstanceOf(NoClassDefFoundError.class);
            assertThat(PartitionRig.offset(partition.append(PartitionRig.plain(1), PartitionRig.ACKS_ALL)))
                    .isZero();
        }
    }

    @Test
    void anErrorInACommitRefusesWhatIsHalfDoneAndStopsTheShardForAllToSee() {
        PartitionMetrics faulty = new PartitionMetrics() {
            @Override
            public void appended(String topic, long recordCount, long sizeBytes) {
                throw new InternalError("thrown by the test, as a mapped file on a broken disk does");
            }
        };
        try (PartitionRig rig = leading(PartitionRig.Plan.in(directory).metrics(faulty, LogMetrics.NONE))) {
            Partition partition = rig.orders();
            assertThat(PartitionRig.refusal(partition.append(PartitionRig.plain(1), PartitionRig.ACKS_ALL)))
                    .isEqualTo(AppendRefusal.LOG_OFFLINE);
            assertThat(partition.highWatermark()).isZero();
            assertThat(partition.offlineReason()).contains("stopped");
            assertThat(PartitionRig.refusal(partition.append(PartitionRig.plain(1), PartitionRig.ACKS_ALL)))
                    .isEqualTo(AppendRefusal.LOG_OFFLINE);
            assertThat(partition.read(PartitionRig.from(0)))
                    .isInstanceOfSatisfying(
                            ReadOutcome.Refused.class,
                            refused -> assertThat(refused.reason()).isEqualTo(ReadRefusal.LOG_OFFLINE));
        }
    }

    private static int flushDue(PartitionRig rig, long maxWaitNanos, long tickNanos) {
        rig.store.flushDue(maxWaitNanos, tickNanos);
        return 0;
    }
}
