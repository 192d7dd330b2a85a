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
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterConfigsResource;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterableConfig;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData.AlterConfigsResourceResponse;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** IncrementalAlterConfigs, API 44 (KIP-339). Each resource is decided for itself, as a whole. Threads: any. */
@Component
public final class IncrementalAlterConfigsHandler
        implements RequestHandler<IncrementalAlterConfigsRequestData, IncrementalAlterConfigsResponseData> {
    private final ConfigChanges changes;
    private final int mostResources;

    IncrementalAlterConfigsHandler(ConfigChanges changes, ApiProperties properties) {
        this.changes = changes;
        this.mostResources = properties.maxPartitionsPerRequest();
    }

    @Override
    public ApiMessageType api() {
        return ApiMessageType.INCREMENTAL_ALTER_CONFIGS;
    }

    @Override
    public Class<IncrementalAlterConfigsRequestData> requestType() {
        return IncrementalAlterConfigsRequestData.class;
    }

    @Override
    public VersionRange versions() {
        return VersionRange.of(0, 1);
    }

    @Override
    public CompletionStage<IncrementalAlterConfigsResponseData> handle(
            RequestContext context, IncrementalAlterConfigsRequestData request) {
        if (request.resources().size() > mostResources) {
            return CompletableFuture.completedFuture(each(request, Proposals.tooMany(mostResources)));
        }
        Set<ConfigChanges.Resource> repeated = Proposals.repeated(request.resources().stream()
                .map(IncrementalAlterConfigsHandler::resource)
                .toList());
        List<Supplier<CompletionStage<AlterConfigsResourceResponse>>> results = new ArrayList<>();
        for (AlterConfigsResource resource : request.resources()) {
            results.add(() -> answer(resource, repeated, request).thenApply(outcome -> response(resource, outcome)));
        }
        return Proposals.all(results)
                .thenApply(responses -> new IncrementalAlterConfigsResponseData().setResponses(responses));
    }

    private CompletionStage<Answer> answer(
            AlterConfigsResource resource,
            Set<ConfigChanges.Resource> repeated,
            IncrementalAlterConfigsRequestData request) {
        return repeated.contains(resource(resource))
                ? CompletableFuture.completedFuture(Answer.invalidRequest("Each resource must appear at most once."))
                : changes.change(resource(resource), entries(resource), request.validateOnly());
    }

    @Override
    public IncrementalAlterConfigsResponseData refused(
            RequestContext context, IncrementalAlterConfigsRequestData request, Errors error) {
        return each(request, Answer.of(error));
    }

    private static IncrementalAlterConfigsResponseData each(IncrementalAlterConfigsRequestData request, Answer answer) {
        return new IncrementalAlterConfigsResponseData()
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
            entries.add(new ConfigChanges.Entry(config.name(), operation(config.configOperation()), config.value()));
        }
        return entries;
    }

    private static SettingChange.@Nullable Operation operation(byte number) {
        return switch (number) {
            case 0 -> SettingChange.Operation.SET;
            case 1 -> SettingChange.Operation.DELETE;
            case 2 -> SettingChange.Operation.APPEND;
            case 3 -> SettingChange.Operation.SUBTRACT;
            default -> null;
        };
    }

    private static AlterConfigsResourceResponse response(AlterConfigsResource resource, Answer answer) {
        return new AlterConfigsResourceResponse()
                .setErrorCode(answer.error().code())
                .setErrorMessage(answer.message())
                .setResourceType(resource.resourceType())
                .setResourceName(resource.resourceName());
    }
}
