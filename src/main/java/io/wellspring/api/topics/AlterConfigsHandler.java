package io.wellspring.api.topics;

import io.wellspring.api.ApiProperties;
import io.wellspring.api.RequestContext;
import io.wellspring.api.RequestHandler;
import io.wellspring.api.VersionRange;
import io.wellspring.topic.SettingChange;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.kafka.common.message.AlterConfigsRequestData;
import org.apache.kafka.common.message.AlterConfigsRequestData.AlterConfigsResource;
import org.apache.kafka.common.message.AlterConfigsRequestData.AlterableConfig;
import org.apache.kafka.common.message.AlterConfigsResponseData;
import org.apache.kafka.common.message.AlterConfigsResponseData.AlterConfigsResourceResponse;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.protocol.Errors;
import org.springframework.stereotype.Component;

/** AlterConfigs, API 33: replaces all settings of a resource; old tools use it. Threads: any. */
@Component
public final class AlterConfigsHandler implements RequestHandler<AlterConfigsRequestData, AlterConfigsResponseData> {
    private final ConfigChanges changes;
    private final int mostResources;

    AlterConfigsHandler(ConfigChanges changes, ApiProperties properties) {
        this.changes = changes;
        this.mostResources = properties.maxPartitionsPerRequest();
    }

    @Override
    public ApiMessageType api() {
        return ApiMessageType.ALTER_CONFIGS;
    }

    @Override
    public Class<AlterConfigsRequestData> requestType() {
        return AlterConfigsRequestData.class;
    }

    @Override
    public VersionRange versions() {
        return VersionRange.of(0, 2);
    }

    @Override
    public CompletionStage<AlterConfigsResponseData> handle(RequestContext context, AlterConfigsRequestData request) {
        if (request.resources().size() > mostResources) {
            return CompletableFuture.completedFuture(each(request, Proposals.tooMany(mostResources)));
        }
        Set<ConfigChanges.Resource> repeated = Proposals.repeated(
                request.resources().stream().map(AlterConfigsHandler::resource).toList());
        List<Supplier<CompletionStage<AlterConfigsResourceResponse>>> results = new ArrayList<>();
        for (AlterConfigsResource resource : request.resources()) {
            results.add(() -> answer(resource, repeated, request).thenApply(outcome -> response(resource, outcome)));
        }
        return Proposals.all(results).thenApply(responses -> new AlterConfigsResponseData().setResponses(responses));
    }

    private CompletionStage<Answer> answer(
            AlterConfigsResource resource, Set<ConfigChanges.Resource> repeated, AlterConfigsRequestData request) {
        return repeated.contains(resource(resource))
                ? CompletableFuture.completedFuture(Answer.invalidRequest("Each resource must appear at most once."))
                : changes.replace(resource(resource), entries(resource), request.validateOnly());
    }

    @Override
    public AlterConfigsResponseData refused(RequestContext context, AlterConfigsRequestData request, Errors error) {
        return each(request, Answer.of(error));
    }

    private static AlterConfigsResponseData each(AlterConfigsRequestData request, Answer answer) {
        return new AlterConfigsResponseData()
                .setResponses(request.resources().stream()
                        .map(resource -> response(resource, answer))
                        .toList());
    }

    private static ConfigChanges.Resource resource(AlterConfigsResource resource) {
        return new ConfigChanges.Resource(resource.resourceType(), resource.resourceName());
    }

    private static List<ConfigChanges.Entry> entries(AlterConfigsResource resource) {
        List<ConfigChanges.Entry> entries = new ArrayList<>();
        for (AlterableConfig config : resource.configs()) {
            entries.add(new ConfigChanges.Entry(config.name(), SettingChange.Operation.SET, config.value()));
        }
        return entries;
    }

    private static AlterConfigsResourceResponse response(AlterConfigsResource resource, Answer answer) {
        return new AlterConfigsResourceResponse()
                .setErrorCode(answer.error().code())
                .setErrorMessage(answer.message())
                .setResourceType(resource.resourceType())
                .setResourceName(resource.resourceName());
    }
}
