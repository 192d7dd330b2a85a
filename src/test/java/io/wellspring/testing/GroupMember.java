package io.wellspring.testing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/**
 * A member of a group: a Java consumer that remembers what it read and what its listener was told. The test polls it, mostly through
 * {@link TestGroups#awaitWith}. Threads: one at a time.
 */
public final class GroupMember implements AutoCloseable, ConsumerRebalanceListener {
    private static final Duration POLL = Duration.ofMillis(20);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final List<Change> changes = new ArrayList<>();
    private final List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();

    GroupMember(KafkaConsumer<byte[], byte[]> consumer) {
        this.consumer = consumer;
    }

    /** What a listener can be told. */
    public enum Kind {
        ASSIGNED,
        REVOKED,
        LOST
    }

    /** Partitions that were given or taken in one call of the listener; calls about none are left out. */
    public record Change(Kind kind, Set<TopicPartition> partitions) {}

    public KafkaConsumer<byte[], byte[]> consumer() {
        return consumer;
    }

    /** Joins the group for these topics, at the next poll. */
    public GroupMember subscribe(String... topics) {
        consumer.subscribe(List.of(topics), this);
        return this;
    }

    /** Reads what has come, and does what the group asks for. */
    public void poll() {
        consumer.poll(POLL).forEach(records::add);
    }

    public List<Change> changes() {
        return List.copyOf(changes);
    }

    public void forgetChanges() {
        changes.clear();
    }

    /** All that the listener was told in calls of this kind. */
    public Set<TopicPartition> all(Kind kind) {
        Set<TopicPartition> all = new HashSet<>();
        changes.stream().filter(change -> change.kind() == kind).forEach(change -> all.addAll(change.partitions()));
        return all;
    }

    public Set<TopicPartition> owned() {
        return Set.copyOf(consumer.assignment());
    }

    /** Numbers of the partitions of a topic that it owns. */
    public Set<Integer> owned(String topic) {
        return owned().stream()
                .filter(partition -> partition.topic().equals(topic))
                .map(TopicPartition::partition)
                .collect(Collectors.toSet());
    }

    /** Offsets of what was read from the partition, in the order of reading. */
    public List<Long> read(TopicPartition partition) {
        return offsets(
                record -> record.topic().equals(partition.topic()) && record.partition() == partition.partition());
    }

    /** How many records it has read. */
    public int readCount() {
        return records.size();
    }

    private List<Long> offsets(Predicate<ConsumerRecord<byte[], byte[]>> wanted) {
        return records.stream().filter(wanted).map(ConsumerRecord::offset).toList();
    }

    /** In classic groups the generation, in the others the member's epoch. */
    public int generation() {
        return consumer.groupMetadata().generationId();
    }

    public String memberId() {
        return consumer.groupMetadata().memberId();
    }

    /** Leaves the group. */
    @Override
    public void close() {
        consumer.close(CloseOptions.timeout(CLOSE_LIMIT));
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        note(Kind.ASSIGNED, partitions);
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        note(Kind.REVOKED, partitions);
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
        note(Kind.LOST, partitions);
    }

    private void note(Kind kind, Collection<TopicPartition> partitions) {
        if (!partitions.isEmpty()) {
            changes.add(new Change(kind, Set.copyOf(partitions)));
        }
    }
}
