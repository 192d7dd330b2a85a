package io.wellspring.api.topics;

import io.wellspring.topic.BrokerSettingCommands;
import io.wellspring.topic.CatalogDecision;
import io.wellspring.topic.GroupSettingCommands;
import io.wellspring.topic.SettingChange;
import io.wellspring.topic.TopicCatalog;
import io.wellspring.topic.TopicCommands;
import io.wellspring.topic.Topics;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** Changes the settings of one resource: what AlterConfigs and IncrementalAlterConfigs share. Threads: any. */
final class ConfigChanges {
    /** The requests carry no patience of their own; this is Kafka's {@code request.timeout.ms}. */
    private static final int PATIENCE_MS = 30_000;

    private final Proposals proposals;
    private final TopicCommands commands;
    private final GroupSettingCommands groups;
    private final BrokerConfigs brokers;
    private final LoggerConfigs loggers;

    ConfigChanges(
            Topics topics,
            TopicCommands commands,
            GroupSettingCommands groups,
            BrokerConfigs brokers,
            LoggerConfigs loggers) {
        this.proposals = new Proposals(topics);
        this.commands = commands;
        this.groups = groups;
        this.brokers = brokers;
        this.loggers = loggers;
    }

    /**
     * What names a resource.
     *
     * @param type the wire's number of its kind
     * @param name its name there
     */
    record Resource(byte type, String name) {}

    /**
     * One setting as a request has it.
     *
     * @param operation null: a number that the protocol does not know
     * @param value null only where the operation takes none
     */
    record Entry(
            String name,
            SettingChange.@Nullable Operation operation,
            @Nullable String value) {}

    /** Changes what is named, leaves the rest. */
    CompletionStage<Answer> change(Resource resource, List<Entry> entries, boolean validateOnly) {
        Answer problem = problemWith(resource, entries);
        if (problem != null) {
            return done(problem);
        }
        List<SettingChange> changes = entries.stream()
                .map(entry -> new SettingChange(entry.name(), operation(entry), entry.value()))
                .toList();
        return switch (ConfigResource.Type.forId(resource.type())) {
            case TOPIC -> submit(commands.changeSettings(resource.name(), changes), validateOnly);
            case BROKER -> submit(BrokerSettingCommands.change(resource.name(), changes), validateOnly);
            case BROKER_LOGGER -> done(loggers.change(changes, validateOnly));
            case GROUP -> submit(groups.change(resource.name(), changes), validateOnly);
            case CLIENT_METRICS -> done(notKept());
            case UNKNOWN -> done(unknownType(resource));
        };
    }

    /** Sets what is named, takes everything else back to its default. */
    CompletionStage<Answer> replace(Resource resource, List<Entry> entries, boolean validateOnly) {
        Answer problem = problemWith(resource, entries);
        if (problem != null) {
            return done(problem);
        }
        Map<String, String> settings = new HashMap<>();
        for (Entry entry : entries) {
            String value = entry.value();
            if (value != null) {
                settings.put(entry.name(), value);
            }
        }
        return switch (ConfigResource.Type.forId(resource.type())) {
            case TOPIC -> submit(commands.replaceSettings(resource.name(), settings), validateOnly);
            case BROKER -> submit(BrokerSettingCommands.replace(resource.name(), settings), validateOnly);
            case GROUP -> submit(groups.replace(resource.name(), settings), validateOnly);
            case CLIENT_METRICS -> done(notKept());
            // Levels of loggers can be changed one by one only (KIP-412).
            case BROKER_LOGGER, UNKNOWN -> done(unknownType(resource));
        };
    }

    private @Nullable Answer problemWith(Resource resource, List<Entry> entries) {
        if (!Proposals.repeated(entries.stream().map(Entry::name).toList()).isEmpty()) {
            return Answer.invalidRequest("Error due to duplicate config keys");
        }
        List<String> nulls = entries.stream()
                .filter(entry -> entry.value() == null && entry.operation() != SettingChange.Operation.DELETE)
                .map(Entry::name)
                .toList();
        if (!nulls.isEmpty()) {
            return Answer.invalidRequest("Null value not supported for : " + String.join(", ", nulls));
        }
        if (entries.stream().anyMatch(entry -> entry.operation() == null)) {
            return Answer.invalidRequest("Unknown operations type");
        }
        return problemWithName(resource);
    }

    private @Nullable Answer problemWithName(Resource resource) {
        String problem = switch (ConfigResource.Type.forId(resource.type())) {
            case TOPIC -> resource.name().isEmpty() ? "Default topic resources are not allowed." : null;
            // The empty name stands for all brokers.
            case BROKER -> resource.name().isEmpty() ? null : brokers.problemWithName(resource.name());
            case BROKER_LOGGER ->
                resource.name().isEmpty() ? "Broker id must not be empty" : brokers.problemWithName(resource.name());
            case GROUP -> resource.name().isEmpty() ? "Default group resources are not allowed." : null;
            case CLIENT_METRICS, UNKNOWN -> null;
        };
        return problem == null ? null : Answer.invalidRequest(problem);
    }

    private CompletionStage<Answer> submit(Function<TopicCatalog, CatalogDecision> command, boolean validateOnly) {
        return proposals.submit(command, validateOnly, PATIENCE_MS);
    }

    private static SettingChange.Operation operation(Entry entry) {
        SettingChange.Operation operation = entry.operation();
        if (operation == null) {
            throw new IllegalArgumentException("not checked: " + entry);
        }
        return operation;
    }

    private static CompletionStage<Answer> done(Answer answer) {
        return CompletableFuture.completedFuture(answer);
    }

    private static Answer notKept() {
        return new Answer(Errors.UNSUPPORTED_VERSION, "This broker keeps no settings of client metrics.");
    }

    private static Answer unknownType(Resource resource) {
        return Answer.invalidRequest("Unknown resource type " + resource.type());
    }
}
