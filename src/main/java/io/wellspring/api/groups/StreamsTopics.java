package io.wellspring.api.groups;

import io.wellspring.model.TopicId;
import io.wellspring.topic.CatalogRefusal;
import io.wellspring.topic.NewTopic;
import io.wellspring.topic.TopicCommands;
import io.wellspring.topic.Topics;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the internal topics (changelogs, repartition topics) that groups of Kafka Streams ask for. Each name is under way at most once, and no
 * more than {@value #UNDER_WAY_MOST} are at a time; what is left out is asked for again by a later heartbeat. Threads: any.
 */
final class StreamsTopics {
    static final int UNDER_WAY_MOST = 1000;

    private static final Logger LOG = LoggerFactory.getLogger(StreamsTopics.class);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Topics topics;
    private final TopicCommands commands;
    private final Set<String> underWay = ConcurrentHashMap.newKeySet();

    /** Topic to why it could not be made the last time; at most {@value #UNDER_WAY_MOST}. */
    private final Map<String, String> refusals = new ConcurrentHashMap<>();

    StreamsTopics(Topics topics, TopicCommands commands) {
        this.topics = topics;
        this.commands = commands;
    }

    void begin(Collection<CreatableTopic> wanted) {
        for (CreatableTopic topic : wanted) {
            if (underWay.size() < UNDER_WAY_MOST && underWay.add(topic.name())) {
                make(topic);
            }
        }
    }

    /** Why topics could not be made the last time, by name; those that could, or were not tried, are left out. */
    Map<String, String> refusals(Collection<CreatableTopic> wanted) {
        Map<String, String> found = new TreeMap<>();
        for (CreatableTopic topic : wanted) {
            String refusal = refusals.get(topic.name());
            if (refusal != null) {
                found.put(topic.name(), refusal);
            }
        }
        return found;
    }

    private void remember(String topic, @Nullable String refusal) {
        if (refusal == null) {
            refusals.remove(topic);
            return;
        }
        if (refusals.size() >= UNDER_WAY_MOST) {
            refusals.clear();
        }
        refusals.put(topic, refusal);
    }

    private void make(CreatableTopic topic) {
        Map<String, @Nullable String> settings = new HashMap<>();
        topic.configs().forEach(config -> settings.put(config.name(), config.value()));
        // The group asks for Kafka's default number of copies; on one broker there is one.
        NewTopic wanted = new NewTopic(
                topic.name(), TopicId.random(), topic.numPartitions(), topic.replicationFactor(), List.of(), settings);
        topics.propose(commands.create(wanted), PATIENCE).whenComplete((refused, failure) -> {
            underWay.remove(topic.name());
            boolean isThere = failure == null && (refused == null || refused.reason() == CatalogRefusal.TOPIC_EXISTS);
            remember(topic.name(), isThere ? null : refused == null ? "it could not be stored" : refused.message());
            if (failure != null) {
                LOG.warn("A topic of a streams group could not be made: topic={}", topic.name(), failure);
            } else if (refused == null) {
                LOG.info("Made a topic of a streams group: topic={}", topic.name());
            } else if (refused.reason() != CatalogRefusal.TOPIC_EXISTS) {
                LOG.warn(
                        "A topic of a streams group is refused: topic={} reason={} message={}",
                        topic.name(),
                        refused.reason(),
                        refused.message());
            }
        });
    }
}
