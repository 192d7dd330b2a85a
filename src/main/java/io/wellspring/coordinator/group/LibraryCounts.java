package io.wellspring.coordinator.group;

import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.metrics.KafkaMetric;
import org.apache.kafka.common.metrics.MetricsReporter;
import org.apache.kafka.coordinator.group.metrics.GroupCoordinatorMetrics;

/**
 * Hands on what the library counts: groups by type and state, offsets, rebalances. Left out are rates, which a monitoring system computes
 * from the counts; sums over the states; share groups and descriptions of topologies, which this broker does not have. Threads: any.
 */
record LibraryCounts(GroupMetrics metrics) implements MetricsReporter {
    private static final String STATE = GroupCoordinatorMetrics.CONSUMER_GROUP_COUNT_STATE_TAG;

    @Override
    public void init(List<KafkaMetric> known) {
        known.forEach(this::metricChange);
    }

    @Override
    public void metricChange(KafkaMetric metric) {
        MetricName name = metric.metricName();
        if (!name.group().equals(GroupCoordinatorMetrics.METRICS_GROUP)) {
            return;
        }
        LongSupplier count = () -> ((Number) metric.metricValue()).longValue();
        String state = name.tags().getOrDefault(STATE, "");
        switch (name.name()) {
            case GroupCoordinatorMetrics.CLASSIC_GROUP_COUNT_METRIC_NAME -> metrics.groups("classic", state, count);
            case GroupCoordinatorMetrics.CONSUMER_GROUP_COUNT_METRIC_NAME -> metrics.groups("consumer", state, count);
            case GroupCoordinatorMetrics.STREAMS_GROUP_COUNT_METRIC_NAME -> metrics.groups("streams", state, count);
            case GroupCoordinatorMetrics.OFFSET_COUNT_METRIC_NAME -> metrics.offsets(count);
            case "offset-commit-count" -> metrics.offsetChanges("commit", count);
            case "offset-expiration-count" -> metrics.offsetChanges("expiration", count);
            case "offset-deletion-count" -> metrics.offsetChanges("deletion", count);
            case "group-completed-rebalance-count" -> metrics.rebalances("classic", count);
            case "consumer-group-rebalance-count" -> metrics.rebalances("consumer", count);
            case "streams-group-rebalance-count" -> metrics.rebalances("streams", count);
            default -> {
                // One of those that are left out.
            }
        }
    }

    @Override
    public void metricRemoval(KafkaMetric metric) {}

    @Override
    public void configure(Map<String, ?> settings) {}

    @Override
    public void close() {}
}
