package io.wellspring.topic;

import io.wellspring.model.TopicId;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Which topics exist, as of one moment: an immutable snapshot, made from events by {@link #apply} and by nothing else.
 * Applying an event again changes nothing, so that a replay may begin too early. Threads: any.
 */
public final class TopicCatalog {
    /** Nothing, over Kafka's defaults. */
    public static final TopicCatalog EMPTY = empty(TopicDefaults.KAFKA);

    private final TreeMap<String, Topic> byName;
    private final Map<TopicId, Topic> byId;
    private final DeletedTopics deleted;
    private final Map<String, Map<String, String>> brokerSettings;
    private final Map<String, Map<String, String>> groupSettings;
    private final TopicDefaults defaults;
    private final long nextProducerId;
    private final long partitionCount;

    private TopicCatalog(Draft draft) {
        byName = draft.byName;
        byId = draft.byId;
        deleted = draft.deleted.with(draft.newlyDeleted);
        brokerSettings = draft.brokerSettings;
        groupSettings = draft.groupSettings;
        defaults = draft.defaults;
        nextProducerId = draft.nextProducerId;
        partitionCount =
                byName.values().stream().mapToLong(Topic::partitionCount).sum();
    }

    /** Nothing, over a broker's defaults: what its replay begins with. */
    public static TopicCatalog empty(TopicDefaults defaults) {
        return new TopicCatalog(new Draft(defaults));
    }

    public @Nullable Topic find(String name) {
        return byName.get(name);
    }

    public @Nullable Topic find(TopicId id) {
        return byId.get(id);
    }

    /** All topics by name, internal ones included. */
    public Collection<Topic> all() {
        return Collections.unmodifiableCollection(byName.values());
    }

    /** The partitions of all topics together. */
    public long partitionCount() {
        return partitionCount;
    }

    /** What topics get where they set nothing, the dynamic settings of brokers included. */
    public TopicDefaults defaults() {
        return defaults;
    }

    /** The dynamic settings of one broker, or of all ({@code nodeId} empty): Kafka's names to values. */
    public Map<String, String> brokerSettings(String nodeId) {
        return brokerSettings.getOrDefault(nodeId, Map.of());
    }

    /** The names of brokers that have dynamic settings; the empty name stands for all. */
    public Set<String> brokersWithSettings() {
        return Collections.unmodifiableSet(brokerSettings.keySet());
    }

    /** The settings of one group: Kafka's names to values. */
    public Map<String, String> groupSettings(String groupId) {
        return groupSettings.getOrDefault(groupId, Map.of());
    }

    /** The groups that have settings of their own. */
    public Set<String> groupsWithSettings() {
        return Collections.unmodifiableSet(groupSettings.keySet());
    }

    /** The first producer id that was not yet given out to any block. */
    public long nextProducerId() {
        return nextProducerId;
    }

    /** True if this topic id was deleted once: its directory may go. */
    public boolean wasDeleted(TopicId id) {
        return deleted.contains(id);
    }

    /**
     * The catalog after these events.
     *
     * @throws IllegalStateException if they cannot have come from this catalog: the journal is damaged
     */
    public TopicCatalog apply(List<CatalogEvent> events) {
        if (events.isEmpty()) {
            return this;
        }
        Draft draft = new Draft(this);
        events.forEach(draft::apply);
        return new TopicCatalog(draft);
    }

    /** The next snapshot while it is made. */
    private static final class Draft {
        private final TreeMap<String, Topic> byName;
        private final Map<TopicId, Topic> byId;
        private final Map<String, Map<String, String>> brokerSettings;
        private final Map<String, Map<String, String>> groupSettings;
        private final DeletedTopics deleted;
        private final Set<TopicId> newlyDeleted = new HashSet<>();
        private TopicDefaults defaults;
        private long nextProducerId;

        Draft(TopicDefaults defaults) {
            byName = new TreeMap<>();
            byId = new HashMap<>();
            brokerSettings = new TreeMap<>();
            groupSettings = new TreeMap<>();
            deleted = DeletedTopics.NONE;
            this.defaults = defaults;
        }

        Draft(TopicCatalog before) {
            byName = new TreeMap<>(before.byName);
            byId = new HashMap<>(before.byId);
            brokerSettings = new TreeMap<>(before.brokerSettings);
            groupSettings = new TreeMap<>(before.groupSettings);
            deleted = before.deleted;
            defaults = before.defaults;
            nextProducerId = before.nextProducerId;
        }

        void apply(CatalogEvent event) {
            switch (event) {
                case CatalogEvent.TopicCreated created -> create(created);
                case CatalogEvent.TopicDeleted(String topic, TopicId topicId) -> delete(topic, topicId);
                case CatalogEvent.PartitionsAdded added -> addPartitions(added);
                case CatalogEvent.TopicSettingsChanged changed -> changeSettings(changed);
                case CatalogEvent.BrokerSettingsChanged changed -> changeBrokerSettings(changed);
                case CatalogEvent.GroupSettingsChanged changed ->
                    merge(groupSettings, changed.groupId(), changed.changes());
                case CatalogEvent.ProducerIdsReserved(long next) -> nextProducerId = Math.max(nextProducerId, next);
            }
        }

        private void create(CatalogEvent.TopicCreated created) {
            if (byId.containsKey(created.topicId()) || isDeleted(created.topicId())) {
                return;
            }
            if (byName.containsKey(created.topic())) {
                throw new IllegalStateException(
                        "two topics of one name: " + created + " and " + byName.get(created.topic()));
            }
            put(new Topic(
                    created.topic(),
                    created.topicId(),
                    created.partitionCount(),
                    TopicSettings.of(created.settings(), defaults)));
        }

        private void delete(String name, TopicId id) {
            Topic topic = byId.remove(id);
            newlyDeleted.add(id);
            if (topic != null) {
                byName.remove(topic.name());
            } else if (!deleted.contains(id)) {
                throw new IllegalStateException("deleted but never created: " + name + ", " + id);
            }
        }

        private void addPartitions(CatalogEvent.PartitionsAdded added) {
            Topic topic = existing(added.topicId(), added);
            if (topic != null && added.partitionCount() > topic.partitionCount()) {
                put(new Topic(topic.name(), topic.id(), added.partitionCount(), topic.settings()));
            }
        }

        private void changeSettings(CatalogEvent.TopicSettingsChanged changed) {
            Topic topic = existing(changed.topicId(), changed);
            if (topic != null) {
                put(new Topic(
                        topic.name(),
                        topic.id(),
                        topic.partitionCount(),
                        topic.settings().with(changed.changes())));
            }
        }

        private void changeBrokerSettings(CatalogEvent.BrokerSettingsChanged changed) {
            merge(brokerSettings, changed.nodeId(), changed.changes());
            if (changed.nodeId().isEmpty() || changed.nodeId().equals(defaults.nodeId())) {
                Map<String, String> own = defaults.nodeId().isEmpty()
                        ? Map.of()
                        : brokerSettings.getOrDefault(defaults.nodeId(), Map.of());
                defaults = defaults.withDynamic(brokerSettings.getOrDefault("", Map.of()), own);
                List.copyOf(byName.values())
                        .forEach(topic -> put(new Topic(
                                topic.name(),
                                topic.id(),
                                topic.partitionCount(),
                                topic.settings().withDefaults(defaults))));
            }
        }

        private static void merge(
                Map<String, Map<String, String>> all, String name, Map<String, @Nullable String> changes) {
            Map<String, String> after = TopicSettings.merge(all.getOrDefault(name, Map.of()), changes);
            if (after.isEmpty()) {
                all.remove(name);
            } else {
                all.put(name, Map.copyOf(after));
            }
        }

        /** The topic of an event; null if it was deleted since, and the event is an old one. */
        private @Nullable Topic existing(TopicId id, CatalogEvent event) {
            Topic topic = byId.get(id);
            if (topic == null && !isDeleted(id)) {
                throw new IllegalStateException("changed but never created: " + event);
            }
            return topic;
        }

        private boolean isDeleted(TopicId id) {
            return newlyDeleted.contains(id) || deleted.contains(id);
        }

        private void put(Topic topic) {
            byName.put(topic.name(), topic);
            byId.put(topic.id(), topic);
        }
    }
}
