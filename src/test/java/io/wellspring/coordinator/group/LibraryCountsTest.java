package io.wellspring.coordinator.group;

import static org.assertj.core.api.Assertions.assertThat;

import com.yammer.metrics.core.MetricsRegistry;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.apache.kafka.common.metrics.MetricConfig;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.coordinator.group.metrics.GroupCoordinatorMetrics;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class LibraryCountsTest {
    private final Told told = new Told();
    private final Metrics metrics =
            new Metrics(new MetricConfig(), List.of(new LibraryCounts(told)), new LibraryTime(InstantSource.system()));
    private final GroupCoordinatorMetrics library = new GroupCoordinatorMetrics(new MetricsRegistry(), metrics);

    /** What was handed on, by name. */
    private static final class Told implements GroupMetrics {
        private final Map<String, LongSupplier> counts = new TreeMap<>();

        @Override
        public void groups(String type, String state, LongSupplier count) {
            counts.put(type + " groups " + state, count);
        }

        @Override
        public void offsets(LongSupplier count) {
            counts.put("offsets", count);
        }

        @Override
        public void offsetChanges(String change, LongSupplier count) {
            counts.put("offset " + change, count);
        }

        @Override
        public void rebalances(String type, LongSupplier count) {
            counts.put(type + " rebalances", count);
        }

        long of(String name) {
            return counts.getOrDefault(name, () -> -1L).getAsLong();
        }
    }

    @AfterEach
    void close() {
        library.close();
        metrics.close();
    }

    @Test
    void everyCountThatTheBrokerHasIsHandedOn() {
        assertThat(told.counts.keySet())
                .containsExactlyInAnyOrder(
                        "classic groups CompletingRebalance",
                        "classic groups Dead",
                        "classic groups Empty",
                        "classic groups PreparingRebalance",
                        "classic groups Stable",
                        "consumer groups Assigning",
                        "consumer groups Dead",
                        "consumer groups Empty",
                        "consumer groups Reconciling",
                        "consumer groups Stable",
                        "streams groups Assigning",
                        "streams groups Dead",
                        "streams groups Empty",
                        "streams groups NotReady",
                        "streams groups Reconciling",
                        "streams groups Stable",
                        "offsets",
                        "offset commit",
                        "offset deletion",
                        "offset expiration",
                        "classic rebalances",
                        "consumer rebalances",
                        "streams rebalances");
    }

    @Test
    void countsAreThoseOfTheLibrary() {
        library.recordSensor(GroupCoordinatorMetrics.OFFSET_COMMITS_SENSOR_NAME, 3);
        library.recordSensor(GroupCoordinatorMetrics.OFFSET_EXPIRED_SENSOR_NAME, 4);
        library.recordSensor(GroupCoordinatorMetrics.OFFSET_DELETIONS_SENSOR_NAME, 5);
        library.recordSensor(GroupCoordinatorMetrics.CLASSIC_GROUP_COMPLETED_REBALANCES_SENSOR_NAME, 6);
        library.recordSensor(GroupCoordinatorMetrics.CONSUMER_GROUP_REBALANCES_SENSOR_NAME, 7);
        library.recordSensor(GroupCoordinatorMetrics.STREAMS_GROUP_REBALANCES_SENSOR_NAME, 8);

        assertThat(told.of("offset commit")).isEqualTo(3L);
        assertThat(told.of("offset expiration")).isEqualTo(4L);
        assertThat(told.of("offset deletion")).isEqualTo(5L);
        assertThat(told.of("classic rebalances")).isEqualTo(6L);
        assertThat(told.of("consumer rebalances")).isEqualTo(7L);
        assertThat(told.of("streams rebalances")).isEqualTo(8L);
        assertThat(told.of("offsets")).isZero();
    }
}
