package io.wellspring.management;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/**
 * Names the partitions whose compaction fails, each with the reason: they serve, but they grow. A person has to look, so the whole is DOWN; the
 * broker is neither dead nor unready for it. A partition is gone from here as soon as a compaction of it succeeds.
 */
final class CompactionHealth implements HealthIndicator {
    /** More are counted, not named: the answer stays readable, and small. */
    static final int NAMED_MOST = 100;

    private final Supplier<Map<String, String>> failures;

    /** @param failures partitions to reasons, as of now */
    CompactionHealth(Supplier<Map<String, String>> failures) {
        this.failures = failures;
    }

    @Override
    public Health health() {
        Map<String, String> all = new TreeMap<>(failures.get());
        Health.Builder health = all.isEmpty() ? Health.up() : Health.down();
        health.withDetail("failedCount", all.size());
        if (!all.isEmpty()) {
            Map<String, String> named = new TreeMap<>();
            all.entrySet().stream().limit(NAMED_MOST).forEach(entry -> named.put(entry.getKey(), entry.getValue()));
            health.withDetail("failedPartitions", named);
        }
        return health.build();
    }
}
