package io.wellspring.management;

import static org.assertj.core.api.Assertions.assertThat;

import io.wellspring.management.DirectoryMeters.Directory;
import io.wellspring.partition.PartitionsProgress;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

final class HealthTest {
    @Test
    void partitionsThatServeNothingAreNamedWithTheReason() {
        Health health = new OfflinePartitionsHealth(() -> Map.of("orders-3", "damaged at offset 17")).health();

        assertThat(health.getStatus()).isEqualTo(Status.DOWN);
        assertThat(health.getDetails())
                .containsEntry("offlineCount", 1)
                .containsEntry("offlinePartitions", Map.of("orders-3", "damaged at offset 17"));
        assertThat(new OfflinePartitionsHealth(Map::of).health().getStatus()).isEqualTo(Status.UP);
    }

    @Test
    void morePartitionsThanTheLimitAreCountedButNotNamed() {
        Map<String, String> offline = new TreeMap<>();
        for (int i = 0; i <= OfflinePartitionsHealth.NAMED_MOST; i++) {
            offline.put("orders-" + i, "damaged");
        }

        Health health = new OfflinePartitionsHealth(() -> offline).health();

        assertThat(health.getDetails()).containsEntry("offlineCount", OfflinePartitionsHealth.NAMED_MOST + 1);
        assertThat((Map<?, ?>) health.getDetails().get("offlinePartitions"))
                .hasSize(OfflinePartitionsHealth.NAMED_MOST);
    }

    @Test
    void partitionWhoseCompactionFailsIsNamedWithItsReason() {
        Health health = new CompactionHealth(() -> Map.of("prices-0", "damaged batch")).health();

        assertThat(health.getStatus()).isEqualTo(Status.DOWN);
        assertThat(health.getDetails())
                .containsEntry("failedCount", 1)
                .containsEntry("failedPartitions", Map.of("prices-0", "damaged batch"));
        assertThat(new CompactionHealth(Map::of).health().getStatus()).isEqualTo(Status.UP);
    }

    @Test
    void oneDirectoryThatWorksIsEnoughToServe() {
        Directory works = new Directory("/a", "", 10, 5, 1, 3);
        Directory failed = new Directory("/b", "input/output error", 0, 0, 0, 0);

        assertThat(new LogDirectoriesHealth(() -> List.of(works, failed))
                        .health()
                        .getStatus())
                .isEqualTo(Status.UP);
        Health down = new LogDirectoriesHealth(() -> List.of(failed)).health();
        assertThat(down.getStatus()).isEqualTo(Status.DOWN);
        assertThat(down.getDetails()).containsEntry("/b", Map.of("failure", "input/output error"));
    }

    @Test
    void recoveryIsOutOfServiceUntilEveryPartitionIsOpen() {
        Health recovering = new RecoveryHealth(() -> new PartitionsProgress(true, 3, 9, 0)).health();

        assertThat(recovering.getStatus()).isEqualTo(Status.OUT_OF_SERVICE);
        assertThat(recovering.getDetails()).containsEntry("openedPartitions", 3).containsEntry("partitions", 9);
        assertThat(new RecoveryHealth(() -> new PartitionsProgress(false, 9, 9, 0))
                        .health()
                        .getStatus())
                .isEqualTo(Status.UP);
    }
}
