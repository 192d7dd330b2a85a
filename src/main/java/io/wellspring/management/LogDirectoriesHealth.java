package io.wellspring.management;

import io.wellspring.management.DirectoryMeters.Directory;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/**
 * The log directories: UP while one of them works, because the broker then still serves what lies there. The partitions of one that failed
 * are offline and named by {@link OfflinePartitionsHealth}. Counts for readiness.
 */
final class LogDirectoriesHealth implements HealthIndicator {
    private final Supplier<List<Directory>> directories;

    LogDirectoriesHealth(Supplier<List<Directory>> directories) {
        this.directories = directories;
    }

    @Override
    public Health health() {
        List<Directory> all = directories.get();
        boolean isServing = all.stream().anyMatch(Directory::isOnline);
        Health.Builder health = isServing ? Health.up() : Health.down();
        for (Directory directory : all) {
            Map<String, Object> details = new LinkedHashMap<>();
            if (directory.isOnline()) {
                details.put("usableBytes", directory.usableBytes());
                details.put("totalBytes", directory.totalBytes());
                details.put("logCount", directory.logCount());
            } else {
                details.put("failure", directory.failure());
            }
            health.withDetail(directory.path(), details);
        }
        return health.build();
    }
}
