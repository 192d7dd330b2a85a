package io.wellspring.management;

import io.wellspring.partition.PartitionsProgress;
import java.util.function.Supplier;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** How far the start has come. OUT_OF_SERVICE until every partition is open; that is a state, not a fault. */
final class RecoveryHealth implements HealthIndicator {
    private final Supplier<PartitionsProgress> progress;

    RecoveryHealth(Supplier<PartitionsProgress> progress) {
        this.progress = progress;
    }

    @Override
    public Health health() {
        PartitionsProgress now = progress.get();
        return (now.isRecovering() ? Health.outOfService() : Health.up())
                .withDetail("openedPartitions", now.openedCount())
                .withDetail("partitions", now.totalCount())
                .build();
    }
}
