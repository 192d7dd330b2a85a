package io.wellspring.api.topics;

import io.wellspring.api.ApiProperties;
import io.wellspring.api.RequestContext;
import io.wellspring.api.RequestHandler;
import io.wellspring.api.TopicIds;
import io.wellspring.api.VersionRange;
import io.wellspring.model.SettingOrigin;
import io.wellspring.model.SettingSource;
import io.wellspring.model.TopicId;
import io.wellspring.topic.NewTopic;
import io.wellspring.topic.TopicCommands;
import io.wellspring.topic.TopicDefaults;
import io.wellspring.topic.TopicSetting;
import io.wellspring.topic.TopicSettings;
import io.wellspring.topic.Topics;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicConfigs;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicResult;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** CreateTopics, API 19. Each topic is decided for itself, in the order of the request. Threads: any. */
@Component
public final class CreateTopicsHandler implements RequestHandler<CreateTopicsRequestData, CreateTopicsResponseData> {
    private final Proposals proposals;
    private final TopicCommands commands;
    private final int mostPartitions;

    public CreateTopicsHandler(Topics topics, TopicCommands commands, ApiProperties properties) {
        this.proposals = new Proposals(topics);
        this.commands = commands;
        this.mostPartitions = properties.maxPartitionsPerRequest();
    }

    @Override
    public ApiMessageType api() {
        return ApiMessageType.CREATE_TOPICS;
    }

    @Override
    public Class<CreateTopicsRequestData> requestType() {
        return CreateTopicsRequestData.class;
    }

    @Override
    public VersionRange versions() {
        return VersionRange.of(2, 7);
    }

    @Override
    public CompletionStage<CreateTopicsResponseData> handle(RequestContext context, CreateTopicsRequestData request) {
        if (request.topics().size() > mostPartitions) {
            return CompletableFuture.completedFuture(each(request, Proposals.tooMany(mostPartitions)));
        }
        List<NewTopic> wanted = new ArrayList<>();
        Set<String> duplicates = Proposals.repeated(
                request.topics().stream().map(CreatableTopic::name).toList());
        for (CreatableTopic topic : request.topics()) {
            if (!duplicates.contains(topic.name())) {
                wanted.add(newTopic(topic));
            }
        }
        // Negative counts are refused one by one; here they must not make room for others.
        long partitions = wanted.stream()
                .mapToLong(topic -> Math.max(0, commands.partitionCountOf(topic)))
                .sum();
        List<Supplier<CompletionStage<CreatableTopicResult>>> results = new ArrayList<>();
        for (NewTopic topic : wanted) {
            results.add(() -> answer(topic, partitions, request).thenApply(outcome -> result(topic, outcome)));
        }
        return Proposals.all(results).thenApply(topics -> {
            CreateTopicsResponseData response = new CreateTopicsResponseData();
            topics.forEach(response.topics()::add);
            duplicates.forEach(
                    name -> response.topics().add(failed(name, Answer.invalidRequest("Duplicate topic name."))));
            return response;
        });
    }

    private CompletionStage<Answer> answer(NewTopic topic, long partitions, CreateTopicsRequestData request) {
        return partitions > mostPartitions
                ? CompletableFuture.completedFuture(Proposals.tooManyPartitions(partitions, mostPartitions))
                : proposals.submit(commands.create(topic), request.validateOnly(), request.timeoutMs());
    }

    @Override
    public CreateTopicsResponseData refused(RequestContext context, CreateTopicsRequestData request, Errors error) {
        return each(request, Answer.of(error));
    }

    private static CreateTopicsResponseData each(CreateTopicsRequestData request, Answer answer) {
        CreateTopicsResponseData response = new CreateTopicsResponseData();
        request.topics().forEach(topic -> response.topics().add(failed(topic.name(), answer)));
        return response;
    }

    private static NewTopic newTopic(CreatableTopic topic) {
        List<NewTopic.Assignment> assignments = topic.assignments().stream()
                .map(assignment -> new NewTopic.Assignment(assignment.partitionIndex(), assignment.brokerIds()))
                .toList();
        Map<String, @Nullable String> settings = new HashMap<>();
        topic.configs().forEach(config -> settings.put(config.name(), config.value()));
        return new NewTopic(
                topic.name(),
                TopicId.random(),
                topic.numPartitions(),
                topic.replicationFactor(),
                assignments,
                settings);
    }

    private CreatableTopicResult result(NewTopic topic, Answer answer) {
        if (!answer.isOk()) {
            return failed(topic.name(), answer);
        }
        TopicId id = topic.id();
        return new CreatableTopicResult()
                .setName(topic.name())
                .setTopicId(TopicIds.uuidOf(id))
                .setErrorCode(Errors.NONE.code())
                .setErrorMessage(null)
                .setNumPartitions(commands.partitionCountOf(topic))
                .setReplicationFactor((short) 1)
                .setConfigs(configs(topic, proposals.catalog().defaults()));
    }

    private static List<CreatableTopicConfigs> configs(NewTopic topic, TopicDefaults defaults) {
        Map<String, String> overrides = new HashMap<>();
        topic.settings().forEach((name, value) -> {
            if (value != null) {
                overrides.put(name, value);
            }
        });
        TopicSettings settings = TopicSettings.of(overrides, defaults);
        List<CreatableTopicConfigs> configs = new ArrayList<>();
        for (TopicSetting setting : TopicSetting.values()) {
            List<SettingOrigin> origins = settings.origins(setting);
            SettingSource source = origins.isEmpty()
                    ? SettingSource.DEFAULT
                    : origins.getFirst().source();
            configs.add(new CreatableTopicConfigs()
                    .setName(setting.settingName())
                    .setValue(settings.text(setting))
                    .setReadOnly(false)
                    .setIsSensitive(false)
                    .setConfigSource(ConfigIds.of(source)));
        }
        return configs;
    }

    private static CreatableTopicResult failed(String name, Answer answer) {
        return new CreatableTopicResult()
                .setName(name)
                .setErrorCode(answer.error().code())
                .setErrorMessage(answer.message())
                .setConfigs(List.of());
    }
}
