package io.wellspring.partition;

import io.wellspring.log.LogStore;
import io.wellspring.model.TopicId;
import io.wellspring.model.TopicPartition;
import io.wellspring.support.StartRefusedException;
import io.wellspring.topic.CatalogEvent;
import io.wellspring.topic.Topic;
import io.wellspring.topic.TopicCatalog;
import io.wellspring.topic.TopicDefaults;
import io.wellspring.topic.TopicSettings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the partitions on disk in line with the catalog: at start with all of it, then with each change. Everything here may be done
 * again without harm. Threads: the start, then the catalog's.
 */
final class CatalogPartitions {
    /** The catalog keeps everything, and whatever the broker's flush policy, a change is on disk before it counts. */
    static final Map<String, String> SETTINGS = Map.of(
            "cleanup.policy", "delete",
            "retention.ms", "-1",
            "retention.bytes", "-1",
            "flush.messages", "1",
            "max.message.bytes", "16777216",
            "message.timestamp.type", "CreateTime",
            "min.insync.replicas", "1",
            "compression.type", "producer");

    static final TopicPartition CATALOG = new TopicPartition(Topic.CATALOG, 0);

    private static final Logger LOG = LoggerFactory.getLogger(CatalogPartitions.class);

    private final LogStore logs;
    private final PartitionOpener opener;
    private final Partitions partitions;

    CatalogPartitions(LogStore logs, PartitionOpener opener, Partitions partitions) {
        this.logs = logs;
        this.opener = opener;
        this.partitions = partitions;
    }

    /** Opens the catalog's own partition, or makes it in empty directories. */
    Partition openCatalog(TopicDefaults defaults) throws IOException {
        List<LogStore.Found> found = logs.found();
        LogStore.Found own = null;
        for (LogStore.Found one : found) {
            if (one.partition().equals(CATALOG)) {
                own = one;
            }
        }
        if (own == null && !found.isEmpty()) {
            throw new StartRefusedException(
                    "The log directories hold " + found.size() + " partitions, such as "
                            + found.getFirst().partition() + ", but not the catalog of topics " + CATALOG + ".",
                    "Bring back the directory that holds it; without it nobody knows what the others are.");
        }
        TopicId id = own == null || own.topicId().equals(TopicId.ZERO) ? TopicId.random() : own.topicId();
        Partition catalog =
                opener.open(new PartitionOpener.Wanted(CATALOG, id, TopicSettings.of(SETTINGS, defaults), own != null));
        String reason = catalog.offlineReason();
        if (reason != null) {
            throw new StartRefusedException(
                    "The catalog of topics " + CATALOG + " cannot be used: " + reason,
                    "Bring back an undamaged copy of its directory.");
        }
        return catalog;
    }

    /** Opens everything the catalog knows, makes what is missing, deletes what was deleted, leaves and names the rest. */
    void openAll(TopicCatalog catalog) {
        Map<TopicPartition, LogStore.Found> onDisk = new HashMap<>();
        for (LogStore.Found one : logs.found()) {
            Topic topic = catalog.find(one.partition().topic());
            if (isOf(topic, one)) {
                onDisk.put(one.partition(), one);
            } else if (catalog.wasDeleted(one.topicId())) {
                LOG.info("Deleting files of a deleted topic: partition={} topicId={}", one.partition(), one.topicId());
                opener.deleteFound(one);
            } else {
                LOG.warn(
                        "A directory belongs to no topic and is left alone: partition={} topicId={}",
                        one.partition(),
                        one.topicId());
            }
        }
        List<PartitionOpener.Wanted> wanted = new ArrayList<>();
        for (Topic topic : catalog.all()) {
            addMissing(topic, onDisk, wanted);
        }
        partitions.expecting((int) catalog.partitionCount());
        opener.openAll(wanted);
        partitions.recovered();
    }

    private static boolean isOf(@Nullable Topic topic, LogStore.Found one) {
        return topic != null
                && one.partition().partition() < topic.partitionCount()
                && (one.topicId().equals(topic.id()) || one.topicId().equals(TopicId.ZERO));
    }

    private void addMissing(
            Topic topic, Map<TopicPartition, LogStore.Found> onDisk, List<PartitionOpener.Wanted> wanted) {
        for (int i = 0; i < topic.partitionCount(); i++) {
            TopicPartition id = new TopicPartition(topic.name(), i);
            Partition existing = partitions.find(id);
            if (existing == null) {
                wanted.add(new PartitionOpener.Wanted(id, topic.id(), topic.settings(), onDisk.containsKey(id)));
            } else if (existing.settings() != topic.settings()) {
                existing.configure(topic.settings());
            }
        }
    }

    /** Makes the partitions that a change asks for, and gives the others their new settings. */
    void make(TopicCatalog before, TopicCatalog after, List<CatalogEvent> events) {
        List<PartitionOpener.Wanted> wanted = new ArrayList<>();
        boolean concernsAll = events.stream().anyMatch(CatalogEvent.BrokerSettingsChanged.class::isInstance);
        if (concernsAll) {
            after.all().forEach(topic -> prepare(before, topic, wanted));
        } else {
            for (CatalogEvent event : events) {
                String name = topicOf(event);
                Topic topic = name == null ? null : after.find(name);
                if (topic != null) {
                    prepare(before, topic, wanted);
                }
            }
        }
        partitions.expecting((int) after.partitionCount());
        opener.openAll(wanted.stream().distinct().toList());
    }

    /** Tries again what had no log: there may be room again, or the disk may be back. */
    void retry(TopicCatalog catalog) {
        Map<TopicPartition, TopicId> onDisk = new HashMap<>();
        logs.found().forEach(one -> onDisk.put(one.partition(), one.topicId()));
        List<PartitionOpener.Wanted> wanted = new ArrayList<>();
        for (TopicPartition id : partitions.failed().keySet()) {
            Topic topic = catalog.find(id.topic());
            if (topic != null && id.partition() < topic.partitionCount() && partitions.find(id) == null) {
                wanted.add(new PartitionOpener.Wanted(id, topic.id(), topic.settings(), onDisk.containsKey(id)));
            }
        }
        opener.openAll(wanted);
    }

    /** A thread may still write to a log: nobody closes them. */
    void leaveLogsUnclean() {
        logs.leaveUnclean();
    }

    boolean hasFailed() {
        return !partitions.failed().isEmpty();
    }

    private void prepare(TopicCatalog before, Topic topic, List<PartitionOpener.Wanted> wanted) {
        Topic known = before.find(topic.name());
        if (known == null || known.id().equals(topic.id())) {
            addMissing(topic, Map.of(), wanted);
        }
    }

    /** Takes partitions of deleted topics out of service. */
    List<Partition> retire(TopicCatalog before, List<CatalogEvent> events) {
        List<Partition> retired = new ArrayList<>();
        for (CatalogEvent event : events) {
            Topic topic = event instanceof CatalogEvent.TopicDeleted deleted ? before.find(deleted.topicId()) : null;
            for (int i = 0; topic != null && i < topic.partitionCount(); i++) {
                partitions.forgetFailure(new TopicPartition(topic.name(), i));
                Partition partition = partitions.find(topic.id(), i);
                if (partition != null) {
                    opener.retire(partition);
                    retired.add(partition);
                }
            }
        }
        return retired;
    }

    void deleteFiles(List<Partition> retired) {
        retired.forEach(opener::deleteFiles);
    }

    private static @Nullable String topicOf(CatalogEvent event) {
        return switch (event) {
            case CatalogEvent.TopicCreated created -> created.topic();
            case CatalogEvent.PartitionsAdded added -> added.topic();
            case CatalogEvent.TopicSettingsChanged changed -> changed.topic();
            case CatalogEvent.TopicDeleted deleted -> null;
            case CatalogEvent.BrokerSettingsChanged changed -> null;
            case CatalogEvent.GroupSettingsChanged changed -> null;
            case CatalogEvent.ProducerIdsReserved reserved -> null;
        };
    }
}
