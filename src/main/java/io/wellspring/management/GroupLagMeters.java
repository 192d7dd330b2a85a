package io.wellspring.management;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.wellspring.coordinator.group.GroupLag;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gauges of how far groups are behind, by group and topic. They are as old as the last look; pairs of group and topic beyond
 * {@value #ROWS_MOST}, and groups whose names are very long, are counted, not shown: anybody may make groups. Threads: any; one look at a time.
 */
final class GroupLagMeters {
    static final int ROWS_MOST = 2000;
    static final int NAME_LENGTH_MOST = 255;

    private static final Logger LOG = LoggerFactory.getLogger(GroupLagMeters.class);

    private final Supplier<CompletionStage<List<GroupLag>>> source;
    private final MultiGauge records;
    private final MultiGauge seconds;
    private final AtomicInteger leftOut = new AtomicInteger();
    private final AtomicBoolean isLooking = new AtomicBoolean();

    GroupLagMeters(Supplier<CompletionStage<List<GroupLag>>> source, MeterRegistry registry) {
        this.source = source;
        this.records = MeterCatalog.GROUP_LAG.gauges(registry);
        this.seconds = MeterCatalog.GROUP_LAG_TIME.gauges(registry);
        MeterCatalog.GROUP_LAG_LEFT_OUT.gauge(registry, leftOut, AtomicInteger::get);
    }

    private record GroupAndTopic(String group, String topic) implements Comparable<GroupAndTopic> {
        @Override
        public int compareTo(GroupAndTopic other) {
            int byGroup = group.compareTo(other.group);
            return byGroup != 0 ? byGroup : topic.compareTo(other.topic);
        }
    }

    private record Behind(long records, long millis) {
        /** No number: it is not known. */
        double seconds() {
            return millis == GroupLag.UNKNOWN_MS ? Double.NaN : millis / 1000.0;
        }

        Behind and(Behind other) {
            return new Behind(records + other.records, GroupLag.older(millis, other.millis));
        }
    }

    /** Looks again, unless a look is under way. */
    void look() {
        if (!isLooking.compareAndSet(false, true)) {
            return;
        }
        try {
            source.get().whenComplete((groups, failure) -> {
                // First, so that whatever befalls this look another one comes.
                isLooking.set(false);
                if (groups != null) {
                    show(groups);
                } else {
                    LOG.debug("The lag of groups cannot be had just now", failure);
                }
            });
        } catch (RuntimeException stopping) {
            isLooking.set(false);
            throw stopping;
        }
    }

    /** Kafka sets no bound to the names of groups but that of any text, and every scrape would carry them. */
    private static boolean isNameable(Map.Entry<GroupAndTopic, Behind> entry) {
        return entry.getKey().group().length() <= NAME_LENGTH_MOST;
    }

    private void show(List<GroupLag> groups) {
        Map<GroupAndTopic, Behind> byTopic = new TreeMap<>();
        for (GroupLag group : groups) {
            for (GroupLag.OfPartition lag : group.partitions()) {
                byTopic.merge(
                        new GroupAndTopic(group.groupId(), lag.partition().topic()),
                        new Behind(lag.lag(), lag.lagMs()),
                        Behind::and);
            }
        }
        List<MultiGauge.Row<?>> recordRows = new ArrayList<>();
        List<MultiGauge.Row<?>> secondRows = new ArrayList<>();
        byTopic.entrySet().stream()
                .filter(GroupLagMeters::isNameable)
                .limit(ROWS_MOST)
                .forEach(entry -> {
                    Tags tags = Tags.of(
                            "group",
                            entry.getKey().group(),
                            "topic",
                            entry.getKey().topic());
                    recordRows.add(MultiGauge.Row.of(tags, entry.getValue().records()));
                    secondRows.add(MultiGauge.Row.of(tags, entry.getValue().seconds()));
                });
        records.register(recordRows, true);
        seconds.register(secondRows, true);
        leftOut.set(byTopic.size() - recordRows.size());
    }
}
