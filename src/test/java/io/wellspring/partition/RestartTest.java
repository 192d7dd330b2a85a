package io.wellspring.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.wellspring.model.TopicPartition;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a partition knows after a clean stop and after kill -9. */
final class RestartTest {
    @TempDir
    Path directory = Path.of("");

    private static PartitionRig leading(Path where) {
        PartitionRig rig = PartitionRig.local(PartitionRig.Plan.in(where));
        PartitionRig.get(((LocalEngine) rig.engine).lead(0));
        return rig;
    }

    private static void fiveBatches(Partition partition, long producerId) {
        for (int i = 0; i < 5; i++) {
            PartitionRig.offset(
                    partition.append(PartitionRig.idempotent(producerId, 1, i * 2, 2), PartitionRig.ACKS_ALL));
        }
    }

    private static void assertAllFiveAreKnown(Partition partition, long producerId) {
        for (int i = 0; i < 5; i++) {
            assertThat(PartitionRig.offset(
                            partition.append(PartitionRig.idempotent(producerId, 1, i * 2, 2), PartitionRig.ACKS_ALL)))
                    .isEqualTo(i * 2L);
        }
        assertThat(PartitionRig.refusal(
                        partition.append(PartitionRig.idempotent(producerId, 1, 11, 1), PartitionRig.ACKS_ALL)))
                .isEqualTo(AppendRefusal.OUT_OF_ORDER_SEQUENCE);
        assertThat(PartitionRig.refusal(
                        partition.append(PartitionRig.idempotent(producerId, 0, 0, 1), PartitionRig.ACKS_ALL)))
                .isEqualTo(AppendRefusal.INVALID_PRODUCER_EPOCH);
        assertThat(PartitionRig.offset(
                        partition.append(PartitionRig.idempotent(producerId, 1, 10, 1), PartitionRig.ACKS_ALL)))
                .isEqualTo(10);
    }

    @Test
    void everyBatchInFlightIsRecognizedAfterACleanStop() {
        try (PartitionRig rig = leading(directory)) {
            fiveBatches(rig.orders(), 5);
        }
        try (PartitionRig rig = leading(directory)) {
            assertAllFiveAreKnown(rig.orders(), 5);
        }
    }

    @Test
    void everyBatchInFlightIsRecognizedAfterAKill() {
        Path copy = directory.resolveSibling(directory.getFileName() + "-copy");
        try (PartitionRig rig = leading(directory)) {
            fiveBatches(rig.orders(), 5);
            PartitionRig.copy(directory, copy);
        }
        try (PartitionRig rig = leading(copy)) {
            Partition partition = rig.orders();
            assertThat(partition.highWatermark()).isEqualTo(10);
            assertAllFiveAreKnown(partition, 5);
        }
    }

    @Test
    void producersAreRecognizedAfterAKillAcrossManySegments() {
        Path copy = directory.resolveSibling(directory.getFileName() + "-copy");
        Map<String, String> settings = Map.of("segment.bytes", "1048576");
        TopicPartition id = PartitionRig.ORDERS;
        try (PartitionRig rig = leading(directory)) {
            Partition partition = rig.open(id, settings);
            for (int i = 0; i < 60; i++) {
                partition.append(
                        new io.wellspring.batch.BatchBuilder()
                                .producer(5, (short) 0, i)
                                .append(1_700_000_000_000L, null, new byte[100_000])
                                .build(),
                        PartitionRig.ACKS_ALL);
            }
            PartitionRig.get(rig.engine.barrier(new ShardId(0)));
            assertThat(partition.segmentCount()).isGreaterThan(4);
            PartitionRig.copy(directory, copy);
        }
        try (PartitionRig rig = leading(copy)) {
            Partition partition = rig.open(id, settings);
            for (int i = 55; i < 60; i++) {
                assertThat(PartitionRig.offset(partition.append(
                                new io.wellspring.batch.BatchBuilder()
                                        .producer(5, (short) 0, i)
                                        .append(1_700_000_000_000L, null, new byte[100_000])
                                        .build(),
                                PartitionRig.ACKS_ALL)))
                        .isEqualTo(i);
            }
            assertThat(partition.logEndOffset()).isEqualTo(60);
        }
    }

    @Test
    void idleProducersAreForgottenAndOldSegmentsGoByTheClock() {
        try (PartitionRig rig = leading(directory)) {
            Partition partition = rig.orders();
            fiveBatches(partition, 5);
            Housekeeping housekeeping =
                    new Housekeeping(rig.engine, java.util.List.of(rig.store), rig.partitions, rig.time, () -> {});
            housekeeping.start(new PartitionRoom.Periods(
                    Duration.ofMinutes(5), Duration.ofMinutes(1), Duration.ofSeconds(5), null));
            rig.time.advance(Duration.ofSeconds(59));
            assertThat(PartitionRig.get(partition.producers())).hasSize(1);
            rig.time.advance(Duration.ofSeconds(1));
            assertThat(PartitionRig.get(partition.producers())).isEmpty();
            housekeeping.stop();
        }
    }
}
