package io.wellspring.testing;

import java.time.Duration;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerInterceptor;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * A group that reads a topic and commits, with some members, each on a thread of its own, and remembers what was delivered to it and
 * which commits were acknowledged, as the client's interceptor hears of it. It goes on through every loss of its broker.
 */
public final class GroupReader implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final String READER = "group.reader";
    private static final int AUTO_COMMIT_INTERVAL_MS = 100;

    /** An acknowledgement so soon after the broker's death was on its way before. */
    private static final long ON_ITS_WAY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /** Who commits, and whether anybody waits for it. */
    public enum Committing {
        SYNC,
        ASYNC,
        AUTO
    }

    private final String groupId;
    private final Map<String, Object> settings;
    private final String topic;
    private final Committing committing;
    private final ExecutorService members;
    private final Map<Integer, BitSet> delivered = new ConcurrentHashMap<>();
    private final Map<TopicPartition, Long> acknowledged = new ConcurrentHashMap<>();
    private final AtomicLong commits = new AtomicLong();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private volatile boolean isStopping;

    /** Since when a commit is waited for, and when it came; 0: not yet. */
    private volatile long waitingSinceNanos = System.nanoTime();

    private volatile long recoveredNanos;

    /** @param protocol {@code classic} or {@code consumer} */
    public GroupReader(String bootstrapServers, String protocol, Committing committing, String topic, int memberCount) {
        this.groupId = protocol + "-" + committing.name().toLowerCase(Locale.ROOT);
        this.topic = topic;
        this.committing = committing;
        this.settings = new HashMap<>(Map.of(
                "bootstrap.servers",
                bootstrapServers,
                "group.id",
                groupId,
                "group.protocol",
                protocol,
                "auto.offset.reset",
                "earliest",
                "enable.auto.commit",
                Boolean.toString(committing == Committing.AUTO),
                "auto.commit.interval.ms",
                AUTO_COMMIT_INTERVAL_MS,
                "reconnect.backoff.max.ms",
                "200",
                "default.api.timeout.ms",
                "20000",
                "interceptor.classes",
                AcknowledgedCommits.class.getName(),
                READER,
                this));
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

    /** The broker is gone: from now on a commit is waited for. */
    public void awaitNextCommit() {
        waitingSinceNanos = System.nanoTime();
        recoveredNanos = 0;
    }

    /** When the first commit after that was acknowledged, 0 if none was yet. */
    public long recoveredNanos() {
        return recoveredNanos;
    }

    private void acknowledged(Map<TopicPartition, OffsetAndMetadata> offsets) {
        offsets.forEach((partition, offset) -> acknowledged.merge(partition, offset.offset(), Math::max));
        commits.incrementAndGet();
        long now = System.nanoTime();
        if (recoveredNanos == 0 && now - waitingSinceNanos > ON_ITS_WAY_NANOS) {
            recoveredNanos = now;
        }
    }

    /** Hears from the client which commits the broker has acknowledged, whoever made them. */
    public static final class AcknowledgedCommits implements ConsumerInterceptor<byte[], byte[]> {
        private @Nullable GroupReader reader;

        @Override
        public void configure(Map<String, ?> configs) {
            reader = (GroupReader) configs.get(READER);
        }

        @Override
        public ConsumerRecords<byte[], byte[]> onConsume(ConsumerRecords<byte[], byte[]> records) {
            return records;
        }

        @Override
        public void onCommit(Map<TopicPartition, OffsetAndMetadata> offsets) {
            if (reader != null && !offsets.isEmpty()) {
                reader.acknowledged(offsets);
            }
        }

        @Override
        public void close() {}
    }

    /** The largest offset of each partition whose commit was acknowledged. */
    public Map<TopicPartition, Long> acknowledged() {
        return Map.copyOf(acknowledged);
    }

    /** Every offset below this one was delivered at least once. */
    public long deliveredBelow(int partition) {
        BitSet offsets = delivered.get(partition);
        if (offsets == null) {
            return 0;
        }
        synchronized (offsets) {
            return offsets.nextClearBit(0);
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
        if (!read.isEmpty()) {
            commit(consumer, read);
        }
    }

    private void commit(KafkaConsumer<byte[], byte[]> consumer, Map<TopicPartition, OffsetAndMetadata> read) {
        switch (committing) {
            case SYNC -> {
                try {
                    consumer.commitSync(read);
                } catch (CommitFailedException | RebalanceInProgressException | TimeoutException notTaken) {
                    // Somebody else owns the partitions now, or the broker was away for too long: what was read is
                    // delivered again to whoever owns it.
                    System.out.println("GroupReader: a commit of " + groupId + " was not taken: " + notTaken);
                }
            }
            case ASYNC -> consumer.commitAsync(read, null);
            case AUTO -> {
                // The client does it.
            }
        }
    }

    /** The members leave their group. */
    @Override
    public void close() {
        isStopping = true;
        members.close();
    }
}
