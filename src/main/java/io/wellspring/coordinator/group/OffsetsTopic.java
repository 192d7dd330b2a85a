package io.wellspring.coordinator.group;

import io.wellspring.model.TopicId;
import io.wellspring.topic.CatalogDecision;
import io.wellspring.topic.Topic;
import io.wellspring.topic.TopicCommands;
import io.wellspring.topic.Topics;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The internal topic {@value #NAME}: made when the first group asks for its coordinator. Threads: any.
 */
final class OffsetsTopic {
    static final String NAME = "__consumer_offsets";

    private static final Logger LOG = LoggerFactory.getLogger(OffsetsTopic.class);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Topics topics;
    private final TopicCommands commands;
    private final int partitionCount;
    private final Map<String, String> settings;

    /** The creation under way, so that a thousand clients at once ask for it once. */
    private final AtomicReference<@Nullable CompletableFuture<Boolean>> underWay = new AtomicReference<>();

    /** @param partitionCount how many the topic gets when it is made; after that it is what the topic has */
    OffsetsTopic(Topics topics, TopicCommands commands, int partitionCount, int segmentBytes) {
        this.topics = topics;
        this.commands = commands;
        this.partitionCount = partitionCount;
        this.settings = Map.of(
                "cleanup.policy", "compact",
                "compression.type", "producer",
                "segment.bytes", Integer.toString(segmentBytes));
    }

    boolean exists() {
        return topics.catalog().find(NAME) != null;
    }

    /** How many partitions it has, or will have. */
    int partitionCount() {
        Topic topic = topics.catalog().find(NAME);
        return topic == null ? partitionCount : topic.partitionCount();
    }

    /** Makes it if it is not there. @return false: it could not be made now; the client tries again */
    CompletionStage<Boolean> make() {
        if (exists()) {
            return CompletableFuture.completedFuture(true);
        }
        CompletableFuture<Boolean> mine = new CompletableFuture<>();
        CompletableFuture<Boolean> others = underWay.compareAndExchange(null, mine);
        if (others != null) {
            return others;
        }
        topics.propose(commands.createInternal(NAME, TopicId.random(), partitionCount, settings), PATIENCE)
                .whenComplete((refused, failure) -> {
                    underWay.set(null);
                    mine.complete(judge(refused, failure));
                });
        return mine;
    }

    private boolean judge(CatalogDecision.@Nullable Refused refused, @Nullable Throwable failure) {
        if (failure != null) {
            LOG.error("The topic of groups could not be made: topic={}", NAME, failure);
            return false;
        }
        if (refused != null) {
            LOG.warn(
                    "The topic of groups could not be made: topic={} reason={} message={}",
                    NAME,
                    refused.reason(),
                    refused.message());
            return false;
        }
        LOG.info("The topic of groups is there: topic={} partitions={}", NAME, partitionCount());
        return true;
    }
}
