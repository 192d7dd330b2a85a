package io.wellspring.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.wellspring.log.LogMetrics;
import io.wellspring.model.TopicPartition;
import io.wellspring.testing.FaultyLogFiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One flush of several logs; {@link PartitionRig} has threads that force ahead. */
final class ForceAheadTest {
    private static final long LIMIT_SECONDS = 60;

    @TempDir
    Path directory = Path.of("");

    @Test
    void logsOfOneFlushAreForcedAtTheSameTime() throws InterruptedException {
        AtomicReference<Runnable> atForce = new AtomicReference<>(() -> {});
        PartitionRig.Plan plan = PartitionRig.Plan.in(directory).metrics(PartitionMetrics.NONE, atEachForce(atForce));
        try (PartitionRig rig = leading(plan)) {
            List<Partition> partitions = open(rig, 2);
            CyclicBarrier together = new CyclicBarrier(2);
            // Passes only if both are there at once.
            atForce.set(() -> meet(together));
            List<CompletionStage<AppendOutcome>> answers = appendTogether(rig, partitions);
            assertThat(answers).extracting(PartitionRig::offset).containsExactly(0L, 0L);
            atForce.set(() -> {});
        }
    }

    private static void meet(CyclicBarrier barrier) {
        try {
            barrier.await(LIMIT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
            throw new IllegalStateException("nobody else forces", e);
        }
    }

    private static LogMetrics atEachForce(AtomicReference<Runnable> action) {
        return new LogMetrics() {
            @Override
            public void flushed(long nanos) {
                action.get().run();
            }
        };
    }

    @Test
    void aForceThatFailsStopsItsPartitionAloneAndIsNotRepeated() throws InterruptedException {
        FaultyLogFiles files = new FaultyLogFiles(directory);
        try (PartitionRig rig = leading(PartitionRig.Plan.in(directory).files(files))) {
            List<Partition> partitions = open(rig, 8);
            for (Partition each : partitions) {
                PartitionRig.offset(each.append(PartitionRig.plain(1), PartitionRig.ACKS_ALL));
            }
            // One write of each comes first, then their forces.
            files.failAt(files.calls() + partitions.size() + 1);
            List<CompletionStage<AppendOutcome>> answers = appendTogether(rig, partitions);
            int refused = 0;
            for (int i = 0; i < partitions.size(); i++) {
                Partition partition = partitions.get(i);
                switch (PartitionRig.get(answers.get(i))) {
                    case AppendOutcome.Appended appended -> {
                        assertThat(appended.baseOffset()).isEqualTo(1);
                        assertThat(partition.highWatermark()).isEqualTo(2);
                    }
                    case AppendOutcome.Refused refusal -> {
                        refused++;
                        assertThat(refusal.reason()).isEqualTo(AppendRefusal.LOG_OFFLINE);
                        assertThat(partition.highWatermark()).isEqualTo(1);
                        assertThat(partition.offlineReason()).isNotNull();
                    }
                }
            }
            assertThat(refused).isEqualTo(1);
            assertThat(files.forcesAfterFailedForce()).isEmpty();
        }
    }

    @Test
    void aFaultWhileForcingAcknowledgesNothing() throws InterruptedException {
        AtomicReference<Runnable> atForce = new AtomicReference<>(() -> {});
        PartitionRig.Plan plan = PartitionRig.Plan.in(directory).metrics(PartitionMetrics.NONE, atEachForce(atForce));
        try (PartitionRig rig = leading(plan)) {
            List<Partition> partitions = open(rig, 3);
            atForce.set(() -> {
                throw new IllegalStateException("planned");
            });
            List<CompletionStage<AppendOutcome>> answers = appendTogether(rig, partitions);
            assertThat(answers).extracting(PartitionRig::refusal).containsOnly(AppendRefusal.LOG_OFFLINE);
            assertThat(partitions).extracting(Partition::highWatermark).containsOnly(0L);
            atForce.set(() -> {});
        }
    }

    @Test
    void closingDoesNotWaitForADiskThatDoesNotAnswer() throws InterruptedException {
        CountDownLatch bothForce = new CountDownLatch(2);
        CountDownLatch answer = new CountDownLatch(1);
        AtomicReference<Runnable> atForce = new AtomicReference<>(() -> {});
        PartitionRig.Plan plan = PartitionRig.Plan.in(directory).metrics(PartitionMetrics.NONE, atEachForce(atForce));
        try (PartitionRig rig = leading(plan)) {
            List<Partition> partitions = open(rig, 2);
            atForce.set(() -> {
                bothForce.countDown();
                await(answer);
            });
            List<CompletionStage<AppendOutcome>> answers = appendTogether(rig, partitions);
            assertThat(bothForce.await(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
            rig.closeForceAhead();
            assertThat(answer.getCount()).isOne();
            answer.countDown();
            assertThat(answers).extracting(PartitionRig::offset).containsExactly(0L, 0L);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            if (!latch.await(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException("closing waits for the force");
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static PartitionRig leading(PartitionRig.Plan plan) {
        PartitionRig rig = PartitionRig.local(plan);
        PartitionRig.get(((LocalEngine) rig.engine).lead(1));
        return rig;
    }

    private static List<Partition> open(PartitionRig rig, int count) {
        List<Partition> partitions = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            partitions.add(rig.open(new TopicPartition("orders", i), Map.of()));
        }
        return partitions;
    }

    /** One record into each, in one group. */
    private static List<CompletionStage<AppendOutcome>> appendTogether(PartitionRig rig, List<Partition> partitions)
            throws InterruptedException {
        CountDownLatch latch = new CountDownLatch(1);
        rig.blockShard(latch);
        List<CompletionStage<AppendOutcome>> answers = partitions.stream()
                .map(partition -> partition.append(PartitionRig.plain(1), PartitionRig.ACKS_ALL))
                .toList();
        latch.countDown();
        return answers;
    }
}
