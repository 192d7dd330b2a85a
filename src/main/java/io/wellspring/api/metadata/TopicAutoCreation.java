package io.wellspring.api.metadata;

import io.wellspring.model.TopicId;
import io.wellspring.topic.CatalogDecision;
import io.wellspring.topic.CatalogRefusal;
import io.wellspring.topic.NewTopic;
import io.wellspring.topic.Topic;
import io.wellspring.topic.TopicCommands;
import io.wellspring.topic.TopicNames;
import io.wellspring.topic.Topics;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes topics that clients ask for and that are not there. Each name is under way at most once, and no more than
 * {@value #UNDER_WAY_MOST} are at a time: a client that lists more gets the rest when it asks again. Nobody waits for the outcome.
 * Threads: any.
 */
final class TopicAutoCreation {
    static final int UNDER_WAY_MOST = 1000;

    private static final Logger log = LoggerFactory.getLogger(TopicAutoCreation.class);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Topics topics;
    private final TopicCommands commands;
    private final boolean isEnabled;
    private final Set<String> underWay = ConcurrentHashMap.newKeySet();

    /** @param isEnabled the broker's setting; if false nothing is ever made */
    TopicAutoCreation(Topics topics, TopicCommands commands, boolean isEnabled) {
        this.topics = topics;
        this.commands = commands;
        this.isEnabled = isEnabled;
    }

    /**
     * Begins to make a topic with the broker's defaults, if topics are made so at all. Internal ones are not: whoever needs them makes
     * them, with the settings that they need.
     *
     * @param name a valid one
     */
    void begin(String name) {
        if (!isEnabled || Topic.isInternal(name) || TopicNames.isReserved(name)) {
            return;
        }
        if (underWay.size() >= UNDER_WAY_MOST || !underWay.add(name)) {
            return;
        }
        topics.propose(commands.create(NewTopic.withDefaults(name, TopicId.random())), PATIENCE)
                .whenComplete((refused, failure) -> {
                    underWay.remove(name);
                    if (failure != null) {
                        log.warn("A topic that a client asked for could not be made topic={}", name, failure);
                    } else if (refused == null) {
                        log.info("Made a topic that a client asked for topic={}", name);
                    } else if (refused.reason() != CatalogRefusal.TOPIC_EXISTS) {
                        logRefusal(name, refused);
                    }
                });
    }

    private static void logRefusal(String name, CatalogDecision.Refused refused) {
        log.warn(
                "A topic that a client asked for is refused topic={} reason={} message={}",
                name,
                refused.reason(),
                refused.message());
    }
}
