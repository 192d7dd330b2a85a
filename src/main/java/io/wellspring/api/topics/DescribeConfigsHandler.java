package io.wellspring.api.topics;

import io.wellspring.api.ApiProperties;
import io.wellspring.api.RequestContext;
import io.wellspring.api.RequestHandler;
import io.wellspring.api.VersionRange;
import io.wellspring.coordinator.group.GroupSettingSource;
import io.wellspring.topic.Topic;
import io.wellspring.topic.TopicCatalog;
import io.wellspring.topic.TopicNames;
import io.wellspring.topic.TopicSetting;
import io.wellspring.topic.Topics;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.message.DescribeConfigsRequestData;
import org.apache.kafka.common.message.DescribeConfigsRequestData.DescribeConfigsResource;
import org.apache.kafka.common.message.DescribeConfigsResponseData;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResourceResult;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResult;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * DescribeConfigs, API 32, of topics, this broker, its loggers and groups; client metrics have no settings here and are shown
 * so. One answer holds at most {@value #SETTINGS_MOST} settings. Threads: any.
 */
@Component
public final class DescribeConfigsHandler
        implements RequestHandler<DescribeConfigsRequestData, DescribeConfigsResponseData> {
    /** Ten thousand topics in full; a small request must not make an answer of gigabytes by naming the broker again and again. */
    static final int SETTINGS_MOST = 400_000;

    private final Topics topics;
    private final BrokerConfigs brokers;
    private final LoggerConfigs loggers;
    private final GroupSettingSource groups;
    private final int mostResources;

    DescribeConfigsHandler(
            Topics topics,
            BrokerConfigs brokers,
            LoggerConfigs loggers,
            GroupSettingSource groups,
            ApiProperties properties) {
        this.topics = topics;
        this.brokers = brokers;
        this.loggers = loggers;
        this.groups = groups;
        this.mostResources = properties.maxPartitionsPerRequest();
    }

    @Override
    public ApiMessageType api() {
        return ApiMessageType.DESCRIBE_CONFIGS;
    }

    @Override
    public Class<DescribeConfigsRequestData> requestType() {
        return DescribeConfigsRequestData.class;
    }

    @Override
    public VersionRange versions() {
        return VersionRange.of(1, 4);
    }

    @Override
    public CompletionStage<DescribeConfigsResponseData> handle(
            RequestContext context, DescribeConfigsRequestData request) {
        if (request.resources().size() > mostResources) {
            return CompletableFuture.completedFuture(each(request, Proposals.tooMany(mostResources)));
        }
        TopicCatalog catalog = topics.catalog();
        List<DescribeConfigsResult> results =
                new ArrayList<>(request.resources().size());
        int settings = 0;
        for (DescribeConfigsResource resource : request.resources()) {
            if (settings >= SETTINGS_MOST) {
                results.add(failed(
                        resource,
                        new Answer(
                                Errors.POLICY_VIOLATION,
                                "The answer has " + SETTINGS_MOST + " settings already: ask in several requests.")));
                continue;
            }
            DescribedConfigs.Wanted wanted = new DescribedConfigs.Wanted(
                    keys(resource), request.includeSynonyms(), request.includeDocumentation());
            DescribeConfigsResult result = describe(catalog, resource, wanted);
            settings += result.configs().size();
            results.add(result);
        }
        return CompletableFuture.completedFuture(new DescribeConfigsResponseData().setResults(results));
    }

    @Override
    public DescribeConfigsResponseData refused(
            RequestContext context, DescribeConfigsRequestData request, Errors error) {
        return each(request, Answer.of(error));
    }

    private static DescribeConfigsResponseData each(DescribeConfigsRequestData request, Answer answer) {
        return new DescribeConfigsResponseData()
                .setResults(request.resources().stream()
                        .map(resource -> failed(resource, answer))
                        .toList());
    }

    private static Set<String> keys(DescribeConfigsResource resource) {
        List<String> keys = resource.configurationKeys();
        return keys == null ? Set.of() : Set.copyOf(keys);
    }

    private DescribeConfigsResult describe(
            TopicCatalog catalog, DescribeConfigsResource resource, DescribedConfigs.Wanted wanted) {
        String name = resource.resourceName();
        return switch (ConfigResource.Type.forId(resource.resourceType())) {
            case TOPIC -> describeTopic(catalog, resource, wanted);
            case BROKER -> {
                if (name.isEmpty()) {
                    yield done(resource, brokers.describeAllBrokers(catalog, wanted));
                }
                String problem = brokers.problemWithName(name);
                yield problem == null
                        ? done(resource, brokers.describeOwn(catalog, wanted))
                        : failed(resource, Answer.invalidRequest(problem));
            }
            case BROKER_LOGGER -> {
                String problem = name.isEmpty() ? "Broker id must not be empty" : brokers.problemWithName(name);
                yield problem == null
                        ? done(resource, loggers.describe(wanted))
                        : failed(resource, Answer.invalidRequest(problem));
            }
            case CLIENT_METRICS ->
                name.isEmpty()
                        ? failed(resource, Answer.invalidRequest("Client metrics subscription name must not be empty"))
                        : done(resource, List.of());
            case GROUP ->
                name.isEmpty()
                        ? failed(resource, Answer.invalidRequest("Group name must not be empty"))
                        : done(resource, describeGroup(catalog, name, wanted));
            case UNKNOWN ->
                failed(resource, Answer.invalidRequest("Unexpected resource type " + resource.resourceType() + "."));
        };
    }

    private static DescribeConfigsResult describeTopic(
            TopicCatalog catalog, DescribeConfigsResource resource, DescribedConfigs.Wanted wanted) {
        String name = resource.resourceName();
        String problem = TopicNames.problemWith(name);
        if (problem != null) {
            return failed(resource, new Answer(Errors.INVALID_TOPIC_EXCEPTION, problem));
        }
        Topic topic = catalog.find(name);
        if (topic == null) {
            return failed(resource, Answer.of(Errors.UNKNOWN_TOPIC_OR_PARTITION));
        }
        DescribedConfigs described = new DescribedConfigs(wanted);
        for (TopicSetting setting : TopicSetting.values()) {
            described.add(new DescribedConfigs.Config(
                    setting.settingName(),
                    topic.settings().text(setting),
                    setting.type(),
                    false,
                    topic.settings().origins(setting),
                    setting.documentation()));
        }
        return done(resource, described.results());
    }

    private List<DescribeConfigsResourceResult> describeGroup(
            TopicCatalog catalog, String groupId, DescribedConfigs.Wanted wanted) {
        DescribedConfigs described = new DescribedConfigs(wanted);
        for (GroupSettingSource.GroupSetting setting : groups.settings(catalog.groupSettings(groupId))) {
            described.add(new DescribedConfigs.Config(
                    setting.name(),
                    setting.value(),
                    setting.type(),
                    false,
                    setting.origins(),
                    setting.documentation()));
        }
        return described.results();
    }

    private static DescribeConfigsResult done(
            DescribeConfigsResource resource, List<DescribeConfigsResourceResult> configs) {
        return result(resource, Errors.NONE, null).setConfigs(configs);
    }

    private static DescribeConfigsResult failed(DescribeConfigsResource resource, Answer answer) {
        return result(resource, answer.error(), answer.message()).setConfigs(List.of());
    }

    private static DescribeConfigsResult result(
            DescribeConfigsResource resource, Errors error, @Nullable String message) {
        return new DescribeConfigsResult()
                .setErrorCode(error.code())
                .setErrorMessage(message)
                .setResourceType(resource.resourceType())
                .setResourceName(resource.resourceName());
    }
}
