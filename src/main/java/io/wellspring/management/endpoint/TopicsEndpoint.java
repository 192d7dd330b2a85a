package io.wellspring.management.endpoint;

import io.wellspring.model.TopicPartition;
import io.wellspring.partition.Partition;
import io.wellspring.partition.Partitions;
import io.wellspring.topic.Topic;
import io.wellspring.topic.Topics;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import reactor.core.publisher.Mono;

/** {@code /actuator/topics}: the topics, in pages; {@code /actuator/topics/{topic}}: one of them. Threads: the management server's; nothing blocks. */
@Endpoint(id = "topics")
final class TopicsEndpoint {
    private final Topics topics;
    private final Partitions partitions;

    private final TopicActions actions;
    private final UnreadRecords unread;
    private final Audit audit;

    TopicsEndpoint(Topics topics, Partitions partitions, TopicActions actions, UnreadRecords unread, Audit audit) {
        this.topics = topics;
        this.partitions = partitions;
        this.actions = actions;
        this.unread = unread;
        this.audit = audit;
    }

    /**
     * Some topics.
     *
     * @param next to be given as {@code after}; null: there are no more
     */
    record TopicPage(List<TopicSummary> topics, @Nullable String next) {}

    /**
     * One topic.
     *
     * @param internal the broker keeps it for itself
     * @param sizeBytes bytes of its segments, all partitions together
     * @param offlinePartitions partitions that serve nothing
     * @param settings what was set on the topic, by Kafka's names
     */
    record TopicSummary(
            String topic,
            String id,
            boolean internal,
            int partitions,
            int offlinePartitions,
            long sizeBytes,
            Map<String, String> settings) {}

    /**
     * Topics by name.
     *
     * @param prefix only those whose names begin with it
     * @param after only those behind this name
     * @param limit how many, 1 to 1000, 100 unless it is given
     */
    @ReadOperation
    TopicPage all(@Nullable String prefix, @Nullable String after, @Nullable Integer limit) {
        String start = prefix == null ? "" : prefix;
        Page<Topic> page = Page.of(
                topics.catalog().all().stream()
                        .filter(topic -> topic.name().startsWith(start)
                                && (after == null || topic.name().compareTo(after) > 0)),
                Page.limit(limit),
                Topic::name);
        return new TopicPage(page.map(this::summary), page.next());
    }

    /** One topic. 404 if it is not there. */
    @ReadOperation
    TopicSummary one(@Selector String topic) {
        return summary(actions.find(topic));
    }

    /**
     * What was done, or would be.
     *
     * @param dryRun nothing was changed
     * @param state the topic as it is now; null: it is not there
     */
    record Done(String topic, boolean dryRun, @Nullable TopicSummary state) {}

    /**
     * Makes a topic.
     *
     * @param partitions how many; the broker's default unless it is given
     * @param settings as in {@link SettingTexts}
     */
    @WriteOperation
    Mono<Done> create(
            SecurityContext security,
            String topic,
            @Nullable Integer partitions,
            @Nullable String settings,
            @Nullable Boolean dryRun) {
        boolean onlyTells = Boolean.TRUE.equals(dryRun);
        return audit.of(
                Audit.Operation.of(
                        security,
                        "TOPIC_CREATE",
                        "topic",
                        topic,
                        "partitions",
                        partitions,
                        "settings",
                        settings,
                        "dryRun",
                        dryRun),
                () -> actions.create(topic, partitions, SettingTexts.parse(settings == null ? "" : settings), onlyTells)
                        .then(Mono.fromSupplier(() -> done(topic, onlyTells))));
    }

    /**
     * Changes a topic: first its settings, then how many partitions it has.
     *
     * @param partitions how many it shall have, more than now
     * @param settings as in {@link SettingTexts}
     */
    @WriteOperation
    Mono<Done> change(
            SecurityContext security,
            @Selector String topic,
            @Nullable Integer partitions,
            @Nullable String settings,
            @Nullable Boolean dryRun) {
        boolean onlyTells = Boolean.TRUE.equals(dryRun);
        return audit.of(
                Audit.Operation.of(
                        security,
                        "TOPIC_CHANGE",
                        "topic",
                        topic,
                        "partitions",
                        partitions,
                        "settings",
                        settings,
                        "dryRun",
                        dryRun),
                () -> {
                    actions.find(topic);
                    if (partitions == null && settings == null) {
                        throw Refusals.badRequest("Say what shall change: partitions, settings, or both.");
                    }
                    Map<String, @Nullable String> changes = SettingTexts.parse(settings == null ? "" : settings);
                    // Both are tried first: neither shall be done if the other cannot be.
                    Mono<Void> tried = actions.change(topic, partitions, changes, true);
                    return (onlyTells ? tried : tried.then(actions.change(topic, partitions, changes, false)))
                            .then(Mono.fromSupplier(() -> done(topic, onlyTells)));
                });
    }

    private Done done(String topic, boolean onlyTells) {
        Topic found = topics.catalog().find(topic);
        return new Done(topic, onlyTells, found == null ? null : summary(found));
    }

    /**
     * What went, or would go.
     *
     * @param lost the topic as it was
     * @param records how many could be read
     * @param unread groups that had not read all of them
     */
    record Deleted(String topic, boolean dryRun, TopicSummary lost, long records, List<UnreadRecords.Loser> unread) {}

    /** Deletes a topic with its records. */
    @DeleteOperation
    Mono<Deleted> delete(SecurityContext security, @Selector String topic, @Nullable Boolean dryRun) {
        boolean onlyTells = Boolean.TRUE.equals(dryRun);
        return audit.of(Audit.Operation.of(security, "TOPIC_DELETE", "topic", topic, "dryRun", dryRun), () -> {
            Topic found = actions.find(topic);
            TopicSummary lost = summary(found);
            long records = records(found);
            return unread.losers(lag -> lag.partition().topic().equals(topic) ? lag.lag() : 0L)
                    .flatMap(groups -> actions.delete(found, onlyTells)
                            .thenReturn(new Deleted(topic, onlyTells, lost, records, groups)));
        });
    }

    private long records(Topic topic) {
        long records = 0;
        for (int i = 0; i < topic.partitionCount(); i++) {
            Partition partition = partitions.find(new TopicPartition(topic.name(), i));
            records += partition == null ? 0L : partition.highWatermark() - partition.logStartOffset();
        }
        return records;
    }

    private TopicSummary summary(Topic topic) {
        int offline = 0;
        long sizeBytes = 0;
        for (int i = 0; i < topic.partitionCount(); i++) {
            Partition partition = partitions.find(new TopicPartition(topic.name(), i));
            if (partition == null || partition.offlineReason() != null) {
                offline++;
            }
            sizeBytes += partition == null ? 0L : partition.sizeBytes();
        }
        return new TopicSummary(
                topic.name(),
                topic.id().toString(),
                topic.isInternal(),
                topic.partitionCount(),
                offline,
                sizeBytes,
                new TreeMap<>(topic.settings().overrides()));
    }
}
