package io.wellspring.api.metadata;

import io.wellspring.api.AuthorizedOperations;
import io.wellspring.api.RequestContext;
import io.wellspring.api.RequestHandler;
import io.wellspring.api.TopicIds;
import io.wellspring.api.VersionRange;
import io.wellspring.model.BrokerIdentity;
import io.wellspring.model.Endpoint;
import io.wellspring.model.TopicId;
import io.wellspring.topic.Topic;
import io.wellspring.topic.TopicCatalog;
import io.wellspring.topic.Topics;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataRequestData.MetadataRequestTopic;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseBroker;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponsePartition;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseTopic;
import org.apache.kafka.common.protocol.Errors;
import org.springframework.stereotype.Component;

/**
 * Metadata: the broker, at the address of the listener that was asked, and the topics that were asked for. A name that is unknown is made a
 * topic if client and broker both want that; as with Kafka the answer is UNKNOWN_TOPIC_OR_PARTITION nevertheless, and the client, which
 * takes it for passing, finds the topic when it asks again. Threads: any.
 */
@Component
public final class MetadataHandler implements RequestHandler<MetadataRequestData, MetadataResponseData> {
    private static final short KNOWS_NO_NULL = 0;
    private static final short OPERATIONS_SINCE = 8;
    private static final short CLUSTER_OPERATIONS_UNTIL = 10;
    private static final short IDS_SINCE = 12;

    private final Topics topics;
    private final ReplicaStates replicas;
    private final Supplier<BrokerIdentity> identity;
    private final TopicAutoCreation autoCreation;

    MetadataHandler(
            Topics topics, ReplicaStates replicas, Supplier<BrokerIdentity> identity, TopicAutoCreation autoCreation) {
        this.topics = topics;
        this.replicas = replicas;
        this.identity = identity;
        this.autoCreation = autoCreation;
    }

    @Override
    public ApiMessageType api() {
        return ApiMessageType.METADATA;
    }

    @Override
    public Class<MetadataRequestData> requestType() {
        return MetadataRequestData.class;
    }

    @Override
    public VersionRange versions() {
        return VersionRange.of(0, 13);
    }

    @Override
    public CompletionStage<MetadataResponseData> handle(RequestContext context, MetadataRequestData request) {
        return CompletableFuture.completedFuture(answer(context, request));
    }

    private MetadataResponseData answer(RequestContext context, MetadataRequestData request) {
        if (!isWellFormed(context, request)) {
            return refused(context, request, Errors.INVALID_REQUEST);
        }
        MetadataResponseData response = new MetadataResponseData()
                .setClusterId(identity.get().clusterId())
                .setControllerId(identity.get().nodeId().value());
        response.brokers().add(broker(context.connection().endpoint()));
        addTopics(context, request, response);
        if (context.apiVersion() >= OPERATIONS_SINCE) {
            addOperations(context, request, response);
        }
        return response;
    }

    /** Versions 10 and 11 have a field for topic ids that never worked. */
    private static boolean isWellFormed(RequestContext context, MetadataRequestData request) {
        if (request.topics() == null || context.apiVersion() >= IDS_SINCE) {
            return true;
        }
        for (MetadataRequestTopic topic : request.topics()) {
            if (topic.name() == null || !topic.topicId().equals(Uuid.ZERO_UUID)) {
                return false;
            }
        }
        return true;
    }

    private MetadataResponseBroker broker(Endpoint endpoint) {
        return new MetadataResponseBroker()
                .setNodeId(identity.get().nodeId().value())
                .setHost(endpoint.host())
                .setPort(endpoint.port());
    }

    private void addTopics(RequestContext context, MetadataRequestData request, MetadataResponseData response) {
        TopicCatalog catalog = topics.catalog();
        List<MetadataRequestTopic> asked = request.topics();
        if (asked == null || (asked.isEmpty() && context.apiVersion() == KNOWS_NO_NULL)) {
            for (Topic topic : catalog.all()) {
                response.topics().add(describe(topic));
            }
            return;
        }
        Set<TopicId> ids = new LinkedHashSet<>();
        for (MetadataRequestTopic topic : asked) {
            if (!topic.topicId().equals(Uuid.ZERO_UUID)) {
                ids.add(TopicIds.idOf(topic.topicId()));
            }
        }
        if (ids.isEmpty()) {
            addByName(request, catalog, response);
        } else {
            // As with Kafka, names beside ids are passed over.
            addById(ids, catalog, response);
        }
    }

    private void addById(Set<TopicId> ids, TopicCatalog catalog, MetadataResponseData response) {
        for (TopicId id : ids) {
            Topic topic = catalog.find(id);
            response.topics()
                    .add(
                            topic != null
                                    ? describe(topic)
                                    : new MetadataResponseTopic()
                                            .setErrorCode(Errors.UNKNOWN_TOPIC_ID.code())
                                            .setName(null)
                                            .setTopicId(TopicIds.uuidOf(id)));
        }
    }

    private void addByName(MetadataRequestData request, TopicCatalog catalog, MetadataResponseData response) {
        Set<String> names = new LinkedHashSet<>();
        for (MetadataRequestTopic topic : request.topics()) {
            if (topic.name() != null) {
                names.add(topic.name());
            }
        }
        for (String name : names) {
            Topic topic = catalog.find(name);
            response.topics().add(topic != null ? describe(topic) : unknown(name, request.allowAutoTopicCreation()));
        }
    }

    private MetadataResponseTopic unknown(String name, boolean mayCreate) {
        Errors error = UnknownTopics.errorOf(name);
        if (mayCreate && error == Errors.UNKNOWN_TOPIC_OR_PARTITION) {
            autoCreation.begin(name);
        }
        return new MetadataResponseTopic()
                .setErrorCode(error.code())
                .setName(name)
                .setIsInternal(Topic.isInternal(name));
    }

    private MetadataResponseTopic describe(Topic topic) {
        MetadataResponseTopic answer = new MetadataResponseTopic()
                .setName(topic.name())
                .setTopicId(TopicIds.uuidOf(topic.id()))
                .setIsInternal(topic.isInternal());
        List<MetadataResponsePartition> partitions = answer.partitions();
        for (int index = 0; index < topic.partitionCount(); index++) {
            PartitionView view = PartitionView.of(identity.get().nodeId(), replicas.find(topic.id(), index));
            partitions.add(new MetadataResponsePartition()
                    .setErrorCode(view.error().code())
                    .setPartitionIndex(index)
                    .setLeaderId(view.leaderId())
                    .setLeaderEpoch(view.leaderEpoch())
                    .setReplicaNodes(view.replicas())
                    .setIsrNodes(view.replicas())
                    .setOfflineReplicas(view.offlineReplicas()));
        }
        return answer;
    }

    private static void addOperations(
            RequestContext context, MetadataRequestData request, MetadataResponseData response) {
        if (request.includeClusterAuthorizedOperations() && context.apiVersion() <= CLUSTER_OPERATIONS_UNTIL) {
            response.setClusterAuthorizedOperations(AuthorizedOperations.ALL_ON_CLUSTER);
        }
        if (request.includeTopicAuthorizedOperations()) {
            for (MetadataResponseTopic topic : response.topics()) {
                if (topic.errorCode() != Errors.UNKNOWN_TOPIC_ID.code()) {
                    topic.setTopicAuthorizedOperations(AuthorizedOperations.ALL_ON_TOPIC);
                }
            }
        }
    }

    @Override
    public MetadataResponseData refused(RequestContext context, MetadataRequestData request, Errors error) {
        MetadataResponseData response = new MetadataResponseData().setErrorCode(error.code());
        if (request.topics() != null) {
            for (MetadataRequestTopic topic : request.topics()) {
                boolean needsName = topic.name() == null && context.apiVersion() < IDS_SINCE;
                response.topics()
                        .add(new MetadataResponseTopic()
                                .setErrorCode(error.code())
                                .setName(needsName ? "" : topic.name())
                                .setTopicId(topic.topicId()));
            }
        }
        return response;
    }
}
