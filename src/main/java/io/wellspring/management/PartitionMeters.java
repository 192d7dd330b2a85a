package io.wellspring.management;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.wellspring.api.data.FetchMetrics;
import io.wellspring.partition.AppendRefusal;
import io.wellspring.partition.PartitionMetrics;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts appends and fetches and times the shards. Topics are told apart up to {@value #TOPICS_MOST} of them; those that come later are counted together under
 * {@value #OTHER}, so that a client that makes topics cannot make meters without end. Threads: any.
 */
final class PartitionMeters implements PartitionMetrics, FetchMetrics {
    static final int TOPICS_MOST = 2000;
    static final String OTHER = "(other)";

    private final MeterRegistry registry;
    private final Map<AppendRefusal, Counter> refused = new EnumMap<>(AppendRefusal.class);
    private final Map<String, TopicMeters> byTopic = new ConcurrentHashMap<>();
    private final Map<Integer, QueueMeters> byShard = new ConcurrentHashMap<>();
    private final AtomicInteger topicCount = new AtomicInteger();
    private final TopicMeters otherTopics;
    private final Timer wait;
    private final Timer commit;
    private final DistributionSummary groupAppends;
    private final DistributionSummary groupBytes;
    private final Timer flush;

    PartitionMeters(MeterRegistry registry) {
        this.registry = registry;
        for (AppendRefusal reason : AppendRefusal.values()) {
            refused.put(
                    reason,
                    MeterCatalog.APPENDS_REFUSED.counter(
                            registry, "reason", reason.name().toLowerCase(Locale.ROOT)));
        }
        otherTopics = TopicMeters.register(registry, OTHER);
        wait = MeterCatalog.APPEND_WAIT.timer(registry);
        commit = MeterCatalog.GROUP_COMMIT.timer(registry);
        groupAppends = MeterCatalog.GROUP_APPENDS.summary(registry, 1, 2, 4, 8, 16, 32, 64, 128, 256);
        groupBytes = MeterCatalog.GROUP_BYTES.summary(registry, 1 << 10, 1 << 14, 1 << 17, 1 << 19, 1 << 20, 1 << 22);
        flush = MeterCatalog.GROUP_FLUSH.timer(registry);
    }

    private record TopicMeters(Counter records, Counter bytes, Counter fetched) {
        static TopicMeters register(MeterRegistry registry, String topic) {
            return new TopicMeters(
                    MeterCatalog.TOPIC_RECORDS.counter(registry, "topic", topic),
                    MeterCatalog.TOPIC_BYTES.counter(registry, "topic", topic),
                    MeterCatalog.TOPIC_FETCHED.counter(registry, "topic", topic));
        }
    }

    private record QueueMeters(AtomicLong appends, AtomicLong bytes) {
        static QueueMeters register(MeterRegistry registry, int shard) {
            QueueMeters meters = new QueueMeters(new AtomicLong(), new AtomicLong());
            String tag = Integer.toString(shard);
            MeterCatalog.QUEUE_APPENDS.gauge(registry, meters.appends, AtomicLong::get, "shard", tag);
            MeterCatalog.QUEUE_BYTES.gauge(registry, meters.bytes, AtomicLong::get, "shard", tag);
            return meters;
        }
    }

    @Override
    public void queued(int shard, int count, long sizeBytes) {
        QueueMeters known = byShard.get(shard);
        QueueMeters meters = known != null
                ? known
                : byShard.computeIfAbsent(shard, number -> QueueMeters.register(registry, number));
        meters.appends().set(count);
        meters.bytes().set(sizeBytes);
    }

    @Override
    public void appended(String topic, long recordCount, long sizeBytes) {
        TopicMeters meters = of(topic);
        meters.records().increment((double) recordCount);
        meters.bytes().increment((double) sizeBytes);
    }

    @Override
    public void fetched(String topic, long sizeBytes) {
        of(topic).fetched().increment((double) sizeBytes);
    }

    private TopicMeters of(String topic) {
        TopicMeters known = byTopic.get(topic);
        return known != null ? known : byTopic.computeIfAbsent(topic, this::metersOf);
    }

    private TopicMeters metersOf(String topic) {
        return topicCount.getAndIncrement() < TOPICS_MOST ? TopicMeters.register(registry, topic) : otherTopics;
    }

    @Override
    public void refused(AppendRefusal reason) {
        Counter counter = refused.get(reason);
        if (counter != null) {
            counter.increment();
        }
    }

    @Override
    public void groupCommitted(int shard, int appendCount, int entryCount, long sizeBytes, long elapsedNanos) {
        commit.record(elapsedNanos, TimeUnit.NANOSECONDS);
        groupAppends.record(appendCount);
        groupBytes.record((double) sizeBytes);
    }

    @Override
    public void waitedForCommit(long elapsedNanos) {
        wait.record(elapsedNanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void flushed(int shard, int logCount, long elapsedNanos) {
        flush.record(elapsedNanos, TimeUnit.NANOSECONDS);
    }
}
