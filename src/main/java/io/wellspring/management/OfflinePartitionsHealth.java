package io.wellspring.management;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/**
 * Names the partitions that serve nothing, each with the reason. A person has to look at those, so the whole is DOWN; the broker itself is
 * neither dead nor unready for it, for the other partitions serve.
 */
final class OfflinePartitionsHealth implements HealthIndicator {
    /** More are counted, not named: the answer stays readable, and small. */
    static final int NAMED_MOST = 100;

    private final Supplier<Map<String, String>> offline;

    /** @param offline partitions to reasons, as of now */
    OfflinePartitionsHealth(Supplier<Map<String, String>> offline) {
        this.offline = offline;
    }

    @Override
    public Health health() {
        Map<String, String> all = new TreeMap<>(offline.get());
        Health.Builder health = all.isEmpty() ? Health.up() : Health.down();
        health.withDetail("offlineCount", all.size());
        if (!all.isEmpty()) {
            Map<String, String> named = new TreeMap<>();
            all.entrySet().stream().limit(NAMED_MOST).forEach(entry -> named.put(entry.getKey(), entry.getValue()));
            health.withDetail("offlinePartitions", named);
        }
        return health.build();
    }
}
