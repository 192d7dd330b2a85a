package io.wellspring.topic;

import io.wellspring.model.NodeId;
import io.wellspring.model.TopicId;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What can be asked of the catalog about topics, as pure functions for {@link Topics#propose}: each looks at the catalog and
 * answers with events or with why not, in Kafka's words. Threads: any.
 */
public final class TopicCommands {
    private final NodeId node;
    private final TopicLimits limits;

    /** @param node the only broker there is: every replica lies on it */
    public TopicCommands(NodeId node, TopicLimits limits) {
        this.node = node;
        this.limits = limits;
    }

    /** Makes a topic. */
    public Function<TopicCatalog, CatalogDecision> create(NewTopic wanted) {
        return catalog -> {
            CatalogDecision.Refused refused = checkName(catalog, wanted.name());
            if (refused == null) {
                refused = checkSettings(catalog, wanted);
            }
            if (refused == null) {
                refused = checkPlacement(wanted);
            }
            int partitionCount = partitionCountOf(wanted);
            if (refused == null) {
                refused = checkLimits(catalog, partitionCount, partitionCount);
            }
            return refused != null
                    ? refused
                    : accepted(new CatalogEvent.TopicCreated(
                            wanted.name(), wanted.id(), partitionCount, withoutNulls(wanted.settings())));
        };
    }

    /**
     * Makes a topic that the broker keeps for itself, if it is not there yet.
     *
     * @param name one of {@link Topic#isInternal}
     * @param settings Kafka's names to values; must be valid
     */
    public Function<TopicCatalog, CatalogDecision> createInternal(
            String name, TopicId id, int partitionCount, Map<String, String> settings) {
        if (!Topic.isInternal(name)) {
            throw new IllegalArgumentException("not one of the broker's own topics: " + name);
        }
        return catalog -> {
            if (catalog.find(name) != null) {
                return new CatalogDecision.Accepted(List.of());
            }
            CatalogDecision.Refused refused = checkLimits(catalog, partitionCount, partitionCount);
            return refused != null
                    ? refused
                    : accepted(new CatalogEvent.TopicCreated(name, id, partitionCount, settings));
        };
    }

    /** How many partitions a topic gets that {@link #create} accepts. */
    public int partitionCountOf(NewTopic wanted) {
        if (!wanted.assignments().isEmpty()) {
            return wanted.assignments().size();
        }
        return wanted.partitionCount() == -1 ? limits.defaultPartitions() : wanted.partitionCount();
    }

    /** Deletes the topic of this name. */
    public Function<TopicCatalog, CatalogDecision> delete(String name) {
        return catalog -> delete(catalog.find(name), unknownTopic());
    }

    /** Deletes the topic of this id. */
    public Function<TopicCatalog, CatalogDecision> delete(TopicId id) {
        return catalog -> delete(
                catalog.find(id),
                new CatalogDecision.Refused(
                        CatalogRefusal.UNKNOWN_TOPIC_ID, "This server does not host this topic ID."));
    }

    /**
     * Gives a topic more partitions.
     *
     * @param partitionCount how many it shall have
     * @param assignments the brokers of each new partition, null: the broker places them
     */
    public Function<TopicCatalog, CatalogDecision> addPartitions(
            String name, int partitionCount, @Nullable List<List<Integer>> assignments) {
        return catalog -> {
            Topic topic = catalog.find(name);
            if (topic == null) {
                return unknownTopic();
            }
            if (topic.isInternal()) {
                return internal("The partitions of the internal topic " + name + " cannot be changed.");
            }
            CatalogDecision.Refused refused = checkGrowth(topic, partitionCount, assignments);
            if (refused == null) {
                refused = checkLimits(catalog, partitionCount, partitionCount - topic.partitionCount());
            }
            return refused != null
                    ? refused
                    : accepted(new CatalogEvent.PartitionsAdded(topic.name(), topic.id(), partitionCount));
        };
    }

    /** Changes some settings of a topic: IncrementalAlterConfigs. */
    public Function<TopicCatalog, CatalogDecision> changeSettings(String name, List<SettingChange> changes) {
        return catalog -> {
            Topic topic = catalog.find(name);
            Map<String, String> current =
                    topic == null ? Map.of() : topic.settings().overrides();
            return switch (SettingChanges.apply(current, changes, TopicSetting::find)) {
                case SettingChanges.Outcome.Invalid(String message) -> invalidSetting(message);
                case SettingChanges.Outcome.Changed(Map<String, @Nullable String> changed) ->
                    changeSettings(catalog, name, topic, changed);
            };
        };
    }

    /** Replaces all settings of a topic: AlterConfigs. What is not named goes back to its default. */
    public Function<TopicCatalog, CatalogDecision> replaceSettings(String name, Map<String, String> settings) {
        return catalog -> {
            Topic topic = catalog.find(name);
            Map<String, String> current =
                    topic == null ? Map.of() : topic.settings().overrides();
            return changeSettings(catalog, name, topic, SettingChanges.replacing(current, settings));
        };
    }

    private static CatalogDecision changeSettings(
            TopicCatalog catalog, String name, @Nullable Topic topic, Map<String, @Nullable String> changes) {
        // Kafka's order: the name, then the values, then whether the topic is there.
        String problem = TopicNames.problemWith(name);
        if (problem != null) {
            return new CatalogDecision.Refused(CatalogRefusal.INVALID_TOPIC_NAME, problem);
        }
        Map<String, String> current =
                topic == null ? Map.of() : topic.settings().overrides();
        Map<String, String> after = TopicSettings.merge(current, changes);
        problem = SettingChecks.problemWithTopic(after, catalog.defaults());
        if (problem != null) {
            return invalidSetting(problem);
        }
        if (topic == null) {
            return new CatalogDecision.Refused(
                    CatalogRefusal.UNKNOWN_TOPIC, "The topic '" + name + "' does not exist.");
        }
        if (name.equals(Topic.CATALOG)) {
            return internal("The settings of the internal topic " + name + " cannot be changed.");
        }
        return changes.isEmpty()
                ? new CatalogDecision.Accepted(List.of())
                : accepted(new CatalogEvent.TopicSettingsChanged(topic.name(), topic.id(), changes));
    }

    private static CatalogDecision delete(@Nullable Topic topic, CatalogDecision.Refused unknown) {
        if (topic == null) {
            return unknown;
        }
        if (topic.isInternal()) {
            return internal("The internal topic " + topic.name() + " cannot be deleted.");
        }
        return accepted(new CatalogEvent.TopicDeleted(topic.name(), topic.id()));
    }

    private static CatalogDecision.@Nullable Refused checkName(TopicCatalog catalog, String name) {
        String problem = TopicNames.problemWith(name);
        if (problem != null) {
            return new CatalogDecision.Refused(CatalogRefusal.INVALID_TOPIC_NAME, problem);
        }
        if (TopicNames.isReserved(name)) {
            return new CatalogDecision.Refused(
                    CatalogRefusal.INVALID_REQUEST, "Creation of internal topic " + name + " is prohibited.");
        }
        if (catalog.find(name) != null) {
            return new CatalogDecision.Refused(CatalogRefusal.TOPIC_EXISTS, "Topic '" + name + "' already exists.");
        }
        Topic colliding = TopicNames.colliding(catalog, name);
        return colliding == null
                ? null
                : new CatalogDecision.Refused(
                        CatalogRefusal.INVALID_TOPIC_NAME,
                        "Topic '" + name + "' collides with existing topic: " + colliding.name());
    }

    private static CatalogDecision.@Nullable Refused checkSettings(TopicCatalog catalog, NewTopic wanted) {
        List<String> nulls = wanted.settings().entrySet().stream()
                .filter(entry -> entry.getValue() == null)
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
        String problem = nulls.isEmpty()
                ? SettingChecks.problemWithTopic(withoutNulls(wanted.settings()), catalog.defaults())
                : "Null value not supported for topic configs: " + String.join(",", nulls);
        return problem == null ? null : invalidSetting(problem);
    }

    private CatalogDecision.@Nullable Refused checkPlacement(NewTopic wanted) {
        if (!wanted.assignments().isEmpty()) {
            return checkAssignments(wanted);
        }
        int replicationFactor = wanted.replicationFactor();
        if (replicationFactor < -1 || replicationFactor == 0) {
            return new CatalogDecision.Refused(
                    CatalogRefusal.INVALID_REPLICATION_FACTOR,
                    "Replication factor must be larger than 0, or -1 to use the default value.");
        }
        if (wanted.partitionCount() < -1 || wanted.partitionCount() == 0) {
            return new CatalogDecision.Refused(
                    CatalogRefusal.INVALID_PARTITION_COUNT,
                    "Number of partitions was set to an invalid non-positive value.");
        }
        return replicationFactor <= 1
                ? null
                : new CatalogDecision.Refused(
                        CatalogRefusal.INVALID_REPLICATION_FACTOR,
                        "Unable to replicate the partition " + replicationFactor
                                + " time(s): The target replication factor of " + replicationFactor
                                + " cannot be reached because only 1 broker(s) are registered.");
    }

    private CatalogDecision.@Nullable Refused checkAssignments(NewTopic wanted) {
        if (wanted.replicationFactor() != -1) {
            return contradiction("replication factor");
        }
        if (wanted.partitionCount() != -1) {
            return contradiction("numPartitions");
        }
        Set<Integer> seen = new HashSet<>();
        for (NewTopic.Assignment assignment : wanted.assignments()) {
            if (!seen.add(assignment.partition())) {
                return invalidAssignment(
                        "Found multiple manual partition assignments for partition " + assignment.partition());
            }
            CatalogDecision.Refused refused = checkReplicas(assignment.brokerIds());
            if (refused != null) {
                return refused;
            }
        }
        for (int partition = 0; partition < seen.size(); partition++) {
            if (!seen.contains(partition)) {
                return invalidAssignment("partitions should be a consecutive 0-based integer sequence");
            }
        }
        return null;
    }

    private CatalogDecision.@Nullable Refused checkGrowth(
            Topic topic, int partitionCount, @Nullable List<List<Integer>> assignments) {
        int before = topic.partitionCount();
        if (partitionCount == before) {
            return new CatalogDecision.Refused(
                    CatalogRefusal.INVALID_PARTITION_COUNT, "Topic already has " + before + " partition(s).");
        }
        if (partitionCount < before) {
            return new CatalogDecision.Refused(
                    CatalogRefusal.INVALID_PARTITION_COUNT,
                    "The topic " + topic.name() + " currently has " + before + " partition(s); " + partitionCount
                            + " would not be an increase.");
        }
        if (assignments == null) {
            return null;
        }
        int added = partitionCount - before;
        if (assignments.size() != added) {
            return invalidAssignment("Attempted to add " + added + " additional partition(s), but only "
                    + assignments.size() + " assignment(s) were specified.");
        }
        for (List<Integer> replicas : assignments) {
            CatalogDecision.Refused refused = checkReplicas(replicas);
            if (refused != null) {
                return refused;
            }
        }
        return null;
    }

    private CatalogDecision.@Nullable Refused checkReplicas(List<Integer> brokerIds) {
        if (brokerIds.isEmpty()) {
            return invalidAssignment("The manual partition assignment includes an empty replica list.");
        }
        for (Integer brokerId : brokerIds) {
            if (brokerId != node.value()) {
                return invalidAssignment("The manual partition assignment includes broker " + brokerId
                        + ", but no such broker is registered.");
            }
        }
        return brokerIds.size() == 1
                ? null
                : invalidAssignment("The manual partition assignment includes the broker " + node + " more than once.");
    }

    private CatalogDecision.@Nullable Refused checkLimits(TopicCatalog catalog, int partitionCount, int added) {
        if (partitionCount > limits.mostPerTopic()) {
            return new CatalogDecision.Refused(
                    CatalogRefusal.POLICY,
                    "A topic may have at most " + limits.mostPerTopic() + " partitions here, not " + partitionCount
                            + " (wellspring.topics.max-partitions-per-topic).");
        }
        if (catalog.partitionCount() + added > limits.mostInTotal()) {
            return new CatalogDecision.Refused(
                    CatalogRefusal.POLICY,
                    "The broker has " + catalog.partitionCount() + " partitions and may have at most "
                            + limits.mostInTotal() + ": " + added
                            + " more do not fit (wellspring.topics.max-partitions).");
        }
        return null;
    }

    private static Map<String, String> withoutNulls(Map<String, @Nullable String> settings) {
        return TopicSettings.merge(Map.of(), new TreeMap<>(settings));
    }

    private static CatalogDecision accepted(CatalogEvent event) {
        return new CatalogDecision.Accepted(List.of(event));
    }

    private static CatalogDecision.Refused unknownTopic() {
        return new CatalogDecision.Refused(
                CatalogRefusal.UNKNOWN_TOPIC, "This server does not host this topic-partition.");
    }

    private static CatalogDecision.Refused internal(String message) {
        return new CatalogDecision.Refused(CatalogRefusal.INTERNAL_TOPIC, message);
    }

    private static CatalogDecision.Refused invalidSetting(String message) {
        return new CatalogDecision.Refused(CatalogRefusal.INVALID_SETTING, message);
    }

    private static CatalogDecision.Refused invalidAssignment(String message) {
        return new CatalogDecision.Refused(CatalogRefusal.INVALID_REPLICA_ASSIGNMENT, message);
    }

    private static CatalogDecision.Refused contradiction(String what) {
        return new CatalogDecision.Refused(
                CatalogRefusal.INVALID_REQUEST,
                "A manual partition assignment was specified, but " + what + " was not set to -1.");
    }
}
