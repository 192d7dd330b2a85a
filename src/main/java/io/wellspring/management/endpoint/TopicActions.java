package io.wellspring.management.endpoint;

import io.wellspring.model.TopicId;
import io.wellspring.topic.CatalogDecision;
import io.wellspring.topic.NewTopic;
import io.wellspring.topic.SettingChange;
import io.wellspring.topic.Topic;
import io.wellspring.topic.TopicCatalog;
import io.wellspring.topic.TopicCommands;
import io.wellspring.topic.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.web.server.ResponseStatusException;
import reactor.core.publisher.Mono;

/** Makes, changes and deletes topics as Kafka's clients do, by the same commands. Threads: any; nothing blocks. */
final class TopicActions {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int BROKERS_CHOICE = -1;

    private final Topics topics;
    private final TopicCommands commands;

    TopicActions(Topics topics, TopicCommands commands) {
        this.topics = topics;
        this.commands = commands;
    }

    /** The topic; 404 if it is not there. */
    Topic find(String name) {
        Topic found = topics.catalog().find(name);
        if (found == null) {
            throw Refusals.notFound("There is no topic " + name + ".");
        }
        return found;
    }

    Mono<Void> create(
            String name, @Nullable Integer partitions, Map<String, @Nullable String> settings, boolean onlyTells) {
        return carryOut(
                commands.create(new NewTopic(
                        name,
                        TopicId.random(),
                        partitions == null ? BROKERS_CHOICE : partitions,
                        BROKERS_CHOICE,
                        List.of(),
                        new TreeMap<>(settings))),
                onlyTells);
    }

    /**
     * Settings first, then partitions.
     *
     * @param partitions how many it shall have; null: as many as it has
     * @param settings null takes a setting back to its default
     */
    Mono<Void> change(
            String name, @Nullable Integer partitions, Map<String, @Nullable String> settings, boolean onlyTells) {
        List<SettingChange> changes = new ArrayList<>();
        settings.forEach((setting, value) -> changes.add(new SettingChange(
                setting, value == null ? SettingChange.Operation.DELETE : SettingChange.Operation.SET, value)));
        Mono<Void> first =
                changes.isEmpty() ? Mono.empty() : carryOut(commands.changeSettings(name, changes), onlyTells);
        return partitions == null
                ? first
                : first.then(carryOut(commands.addPartitions(name, partitions, null), onlyTells));
    }

    Mono<Void> delete(Topic topic, boolean onlyTells) {
        return carryOut(commands.delete(topic.id()), onlyTells);
    }

    private Mono<Void> carryOut(Function<TopicCatalog, CatalogDecision> command, boolean onlyTells) {
        return Mono.fromCompletionStage(() -> onlyTells
                        ? CompletableFuture.completedFuture(refusal(command.apply(topics.catalog())))
                        : proposed(command))
                .flatMap(refused -> refused.isPresent() ? Mono.error(status(refused.get())) : Mono.empty());
    }

    private CompletionStage<Optional<CatalogDecision.Refused>> proposed(
            Function<TopicCatalog, CatalogDecision> command) {
        return topics.propose(command, LIMIT).thenApply(Optional::ofNullable);
    }

    private static Optional<CatalogDecision.Refused> refusal(CatalogDecision decision) {
        return switch (decision) {
            case CatalogDecision.Accepted _ -> Optional.empty();
            case CatalogDecision.Refused refused -> Optional.of(refused);
        };
    }

    private static ResponseStatusException status(CatalogDecision.Refused refused) {
        return switch (refused.reason()) {
            case UNKNOWN_TOPIC, UNKNOWN_TOPIC_ID -> Refusals.notFound(refused.message());
            case TOPIC_EXISTS -> Refusals.conflict(refused.message());
            case UNAVAILABLE, TIMED_OUT -> Refusals.unavailable(refused.message(), null);
            case INVALID_TOPIC_NAME,
                    INVALID_PARTITION_COUNT,
                    INVALID_REPLICATION_FACTOR,
                    INVALID_REPLICA_ASSIGNMENT,
                    INVALID_SETTING,
                    INTERNAL_TOPIC,
                    INVALID_REQUEST,
                    POLICY -> Refusals.badRequest(refused.message());
        };
    }
}
