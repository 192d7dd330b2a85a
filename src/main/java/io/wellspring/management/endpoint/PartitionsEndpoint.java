package io.wellspring.management.endpoint;

import io.wellspring.model.TopicPartition;
import io.wellspring.partition.Partition;
import io.wellspring.partition.Partitions;
import io.wellspring.topic.Topic;
import io.wellspring.topic.Topics;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import reactor.core.publisher.Mono;

/**
 * {@code /actuator/partitions}: the partitions, in pages; {@code /actuator/partitions/{topic}/{partition}}: one of them. Threads: the management
 * server's; nothing blocks.
 */
@Endpoint(id = "partitions")
final class PartitionsEndpoint {
    private final Topics topics;
    private final Partitions partitions;

    private final PartitionActions actions;
    private final Audit audit;

    PartitionsEndpoint(Topics topics, Partitions partitions, PartitionActions actions, Audit audit) {
        this.topics = topics;
        this.partitions = partitions;
        this.actions = actions;
        this.audit = audit;
    }

    /**
     * Some partitions.
     *
     * @param next to be given as {@code after}; null: there are no more
     */
    record PartitionPage(
            List<PartitionState> partitions, @Nullable String next) {}

    /**
     * One partition. Of one whose log could not be opened only the reason is known.
     *
     * @param offline why it serves nothing; null: it serves
     */
    record PartitionState(
            String topic,
            int partition,
            @Nullable String offline,
            @Nullable Served state) {}

    /**
     * What a partition has.
     *
     * @param leader whether this broker leads it
     * @param logStartOffset first offset that can be read
     * @param lastStableOffset everything below is decided
     * @param highWatermark everything below is committed
     * @param logEndOffset offset that the next record gets
     * @param flushedOffset everything below is known to be on disk
     * @param sizeBytes bytes of its segments
     * @param segments how many there are
     * @param directory where its files lie
     * @param paused clients' appends are refused until an operator resumes them
     */
    record Served(
            boolean leader,
            int leaderEpoch,
            long logStartOffset,
            long lastStableOffset,
            long highWatermark,
            long logEndOffset,
            long flushedOffset,
            long sizeBytes,
            int segments,
            String directory,
            boolean paused) {}

    /**
     * Partitions by topic and number.
     *
     * @param topic only those of this one
     * @param offline true: only those that serve nothing; false: only those that serve
     * @param after only those behind this one, in the form {@code topic-partition}
     * @param limit how many, 1 to 1000, 100 unless it is given
     */
    @ReadOperation
    PartitionPage all(
            @Nullable String topic, @Nullable Boolean offline, @Nullable String after, @Nullable Integer limit) {
        TopicPartition behind = after == null ? null : PartitionNames.parse("after", after);
        Map<TopicPartition, String> failed = partitions.failed();
        Page<PartitionState> page = Page.of(
                ids(topic, behind)
                        .map(id -> state(id, failed))
                        .filter(state -> offline == null || offline == (state.offline() != null)),
                Page.limit(limit),
                state -> state.topic() + "-" + state.partition());
        return new PartitionPage(page.items(), page.next());
    }

    private Stream<TopicPartition> ids(@Nullable String topic, @Nullable TopicPartition behind) {
        return topics.catalog().all().stream()
                .filter(known -> topic == null || known.name().equals(topic))
                .filter(known -> behind == null || known.name().compareTo(behind.topic()) >= 0)
                .flatMap(PartitionsEndpoint::idsOf)
                .filter(id -> behind == null || id.compareTo(behind) > 0);
    }

    private static Stream<TopicPartition> idsOf(Topic topic) {
        return IntStream.range(0, topic.partitionCount()).mapToObj(i -> new TopicPartition(topic.name(), i));
    }

    /** One partition. 404 if it is not there. */
    @ReadOperation
    PartitionState one(@Selector String topic, @Selector int partition) {
        Topic found = topics.catalog().find(topic);
        if (found == null || partition < 0 || partition >= found.partitionCount()) {
            throw Refusals.notFound("There is no partition " + topic + "-" + partition + ".");
        }
        return state(new TopicPartition(topic, partition), partitions.failed());
    }

    private PartitionState state(TopicPartition id, Map<TopicPartition, String> failed) {
        Partition partition = partitions.find(id);
        if (partition == null) {
            String reason = failed.getOrDefault(id, "its log is not open yet");
            return new PartitionState(id.topic(), id.partition(), reason, null);
        }
        return new PartitionState(id.topic(), id.partition(), partition.offlineReason(), served(partition));
    }

    private static Served served(Partition partition) {
        return new Served(
                partition.isLeader(),
                partition.leaderEpoch(),
                partition.logStartOffset(),
                partition.lastStableOffset(),
                partition.highWatermark(),
                partition.logEndOffset(),
                partition.flushedOffset(),
                partition.sizeBytes(),
                partition.segmentCount(),
                partition.directory().toString(),
                partition.isPaused());
    }

    /**
     * What was done, or would be.
     *
     * @param dryRun nothing was changed
     */
    record Done(String topic, int partition, PartitionAction action, boolean dryRun, PartitionActions.Result result) {}

    /**
     * Does something to one partition.
     *
     * @param beforeOffset only for {@code delete-records}: where the log shall begin; -1: at the high watermark
     * @param dryRun only tells what would be taken away; for {@code delete-records} and {@code retention}
     */
    @WriteOperation
    Mono<Done> act(
            SecurityContext security,
            @Selector String topic,
            @Selector int partition,
            @Selector PartitionAction action,
            @Nullable Long beforeOffset,
            @Nullable Boolean dryRun) {
        boolean onlyTells = Boolean.TRUE.equals(dryRun);
        Audit.Operation operation = Audit.Operation.of(
                security,
                "PARTITION_" + action,
                "topic",
                topic,
                "partition",
                partition,
                "beforeOffset",
                beforeOffset,
                "dryRun",
                dryRun);
        return audit.of(
                operation,
                () -> actions.carryOut(
                                PartitionNames.find(partitions, topic, partition), action, beforeOffset, onlyTells)
                        .map(result -> new Done(topic, partition, action, onlyTells, result)));
    }
}
