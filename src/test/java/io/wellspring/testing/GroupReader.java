package io.wellspring.testing;

import java.time.Duration;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * A group that reads a topic and commits, with some members, each on a thread of its own, and remembers what was delivered to it and
 * which commits were acknowledged. It goes on through every loss of its broker.
 */
public final class GroupReader implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(200);

    private final String groupId;
    private final Map<String, Object> settings;
    private final String topic;
    private final ExecutorService members;
    private final Map<Integer, BitSet> delivered = new ConcurrentHashMap<>();
    private final Map<TopicPartition, Long> acknowledged = new ConcurrentHashMap<>();
    private final AtomicLong commits = new AtomicLong();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private volatile boolean isStopping;

    /** @param protocol {@code classic} or {@code consumer} */
    public GroupReader(String bootstrapServers, String protocol, String groupId, String topic, int memberCount) {
        this.groupId = groupId;
        this.topic = topic;
        this.settings = new HashMap<>(Map.of(
                "bootstrap.servers", bootstrapServers,
                "group.id", groupId,
                "group.protocol", protocol,
                "auto.offset.reset", "earliest",
                "enable.auto.commit", "false",
                "reconnect.backoff.max.ms", "200",
                "default.api.timeout.ms", "20000"));
        this.members = Executors.newFixedThreadPool(memberCount);
        for (int i = 0; i < memberCount; i++) {
            members.execute(this::runMember);
        }
    }

    public String groupId() {
        return groupId;
    }

    /** Commits acknowledged so far. */
    public long commitCount() {
        return commits.get();
    }

    /** The largest offset of each partition whose commit was acknowledged. */
    public Map<TopicPartition, Long> acknowledged() {
        return Map.copyOf(acknowledged);
    }

    /** True if every offset below the end was delivered at least once. */
    public boolean hasAllBelow(int partition, long end) {
        BitSet offsets = delivered.get(partition);
        if (offsets == null) {
            return end == 0;
        }
        synchronized (offsets) {
            return offsets.nextClearBit(0) >= end;
        }
    }

    /** Fails if a member has failed. */
    public void check() {
        Throwable failed = failure.get();
        if (failed != null) {
            throw new AssertionError("a member of " + groupId + " has failed", failed);
        }
    }

    private void runMember() {
        while (!isStopping) {
            try (KafkaConsumer<byte[], byte[]> consumer =
                    new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
                consumer.subscribe(List.of(topic));
                while (!isStopping) {
                    read(consumer);
                }
            } catch (RuntimeException | Error failed) {
                failure.compareAndSet(null, failed);
                return;
            }
        }
    }

    private void read(KafkaConsumer<byte[], byte[]> consumer) {
        Map<TopicPartition, OffsetAndMetadata> read = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
            BitSet offsets = delivered.computeIfAbsent(record.partition(), any -> new BitSet());
            synchronized (offsets) {
                offsets.set(Math.toIntExact(record.offset()));
            }
            read.put(
                    new TopicPartition(record.topic(), record.partition()), new OffsetAndMetadata(record.offset() + 1));
        }
        if (read.isEmpty()) {
            return;
        }
        try {
            consumer.commitSync(read);
            read.forEach((partition, offset) -> acknowledged.merge(partition, offset.offset(), Math::max));
            commits.incrementAndGet();
        } catch (CommitFailedException | RebalanceInProgressException | TimeoutException notTaken) {
            // Somebody else owns the partitions now, or the broker was away for too long: what was read is delivered
            // again to whoever owns it.
            System.out.println("GroupReader: a commit of " + groupId + " was not taken: " + notTaken);
        }
    }

    /** The members leave their group. */
    @Override
    public void close() {
        isStopping = true;
        members.close();
    }
}
