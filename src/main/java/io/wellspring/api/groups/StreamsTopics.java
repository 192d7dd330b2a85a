package io.wellspring.api.groups;

import io.wellspring.model.TopicId;
import io.wellspring.topic.CatalogDecision;
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
 * more than {@value #UNDER_WAY_MOST} are at a time; what is left out is asked for again by a later heartbeat. One that could not be made is
 * left alone for a while, and its group is told why. Threads: any.
 */
final class StreamsTopics {
    static final int UNDER_WAY_MOST = 1000;

    private static final Logger LOG = LoggerFactory.getLogger(StreamsTopics.class);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Topics topics;
    private final TopicCommands commands;
    private final TopicFailures failures;
    private final Set<String> underWay = ConcurrentHashMap.newKeySet();

    StreamsTopics(Topics topics, TopicCommands commands, TopicFailures failures) {
        this.topics = topics;
        this.commands = commands;
        this.failures = failures;
    }

    /**
     * Begins to make what is not under way and has not failed of late.
     *
     * @param rest how long a topic that cannot be made is left alone
     */
    void begin(Collection<CreatableTopic> wanted, Duration rest) {
        for (CreatableTopic topic : wanted) {
            if (failures.of(topic.name()) == null && underWay.size() < UNDER_WAY_MOST && underWay.add(topic.name())) {
                make(topic, rest);
            }
        }
    }

    /** Why topics could not be made of late, by name, each one sentence for the client; those that could, or were not tried, are left out. */
    Map<String, String> refusals(Collection<CreatableTopic> wanted) {
        Map<String, String> found = new TreeMap<>();
        for (CreatableTopic topic : wanted) {
            String failure = failures.of(topic.name());
            if (failure != null) {
                found.put(topic.name(), failure);
            }
        }
        return found;
    }

    private void make(CreatableTopic topic, Duration rest) {
        Map<String, @Nullable String> settings = new HashMap<>();
        topic.configs().forEach(config -> settings.put(config.name(), config.value()));
        // The group asks for Kafka's default number of copies; on one broker there is one.
        NewTopic wanted = new NewTopic(
                topic.name(), TopicId.random(), topic.numPartitions(), topic.replicationFactor(), List.of(), settings);
        topics.propose(commands.create(wanted), PATIENCE).whenComplete((refused, failure) -> {
            if (failure != null) {
                LOG.warn("A topic of a streams group could not be made: topic={}", topic.name(), failure);
                failures.add(topic.name(), "The topic could not be made.", rest);
            } else if (refused == null) {
                LOG.info("Made a topic of a streams group: topic={}", topic.name());
            } else {
                refused(topic.name(), refused, rest);
            }
            underWay.remove(topic.name());
        });
    }

    private void refused(String topic, CatalogDecision.Refused refused, Duration rest) {
        if (refused.reason() == CatalogRefusal.TOPIC_EXISTS) {
            // The group had not heard of it yet.
            return;
        }
        LOG.warn(
                "A topic of a streams group is refused: topic={} reason={} message={}",
                topic,
                refused.reason(),
                refused.message());
        failures.add(topic, refused.message(), rest);
    }
}
