package io.wellspring.api.topics;

import io.wellspring.api.RequestContext;
import io.wellspring.api.RequestHandler;
import io.wellspring.api.VersionRange;
import io.wellspring.topic.Topics;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.message.ListConfigResourcesRequestData;
import org.apache.kafka.common.message.ListConfigResourcesResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.springframework.stereotype.Component;

/**
 * ListConfigResources, API 74 (KIP-1142): what settings can be asked of. Version 0 asks for client metrics alone, of which
 * this broker has none. Threads: any.
 */
@Component
public final class ListConfigResourcesHandler
        implements RequestHandler<ListConfigResourcesRequestData, ListConfigResourcesResponseData> {
    private static final List<ConfigResource.Type> ALL = List.of(
            ConfigResource.Type.TOPIC,
            ConfigResource.Type.BROKER,
            ConfigResource.Type.BROKER_LOGGER,
            ConfigResource.Type.CLIENT_METRICS,
            ConfigResource.Type.GROUP);

    private final Topics topics;
    private final BrokerConfigs brokers;

    ListConfigResourcesHandler(Topics topics, BrokerConfigs brokers) {
        this.topics = topics;
        this.brokers = brokers;
    }

    @Override
    public ApiMessageType api() {
        return ApiMessageType.LIST_CONFIG_RESOURCES;
    }

    @Override
    public Class<ListConfigResourcesRequestData> requestType() {
        return ListConfigResourcesRequestData.class;
    }

    @Override
    public VersionRange versions() {
        return VersionRange.of(0, 1);
    }

    @Override
    public CompletionStage<ListConfigResourcesResponseData> handle(
            RequestContext context, ListConfigResourcesRequestData request) {
        ListConfigResourcesResponseData response = new ListConfigResourcesResponseData();
        Set<ConfigResource.Type> types = new LinkedHashSet<>();
        if (context.apiVersion() == 0) {
            types.add(ConfigResource.Type.CLIENT_METRICS);
        } else if (request.resourceTypes().isEmpty()) {
            types.addAll(ALL);
        } else {
            request.resourceTypes().forEach(type -> types.add(ConfigResource.Type.forId(type)));
        }
        if (types.contains(ConfigResource.Type.UNKNOWN)) {
            return CompletableFuture.completedFuture(refused(context, request, Errors.UNSUPPORTED_VERSION));
        }
        List<ListConfigResourcesResponseData.ConfigResource> resources = new ArrayList<>();
        for (ConfigResource.Type type : types) {
            for (String name : names(type)) {
                resources.add(new ListConfigResourcesResponseData.ConfigResource()
                        .setResourceType(type.id())
                        .setResourceName(name));
            }
        }
        return CompletableFuture.completedFuture(response.setConfigResources(resources));
    }

    @Override
    public ListConfigResourcesResponseData refused(
            RequestContext context, ListConfigResourcesRequestData request, Errors error) {
        return new ListConfigResourcesResponseData().setErrorCode(error.code());
    }

    private List<String> names(ConfigResource.Type type) {
        return switch (type) {
            case TOPIC ->
                topics.catalog().all().stream().map(topic -> topic.name()).toList();
            case BROKER, BROKER_LOGGER -> List.of(brokers.nodeId());
            case GROUP -> List.copyOf(topics.catalog().groupsWithSettings());
            case CLIENT_METRICS, UNKNOWN -> List.of();
        };
    }
}
