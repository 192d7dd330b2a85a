package io.wellspring.api.metadata;

import io.wellspring.api.AuthorizedOperations;
import io.wellspring.api.RequestContext;
import io.wellspring.api.RequestHandler;
import io.wellspring.api.VersionRange;
import io.wellspring.model.NodeId;
import io.wellspring.topic.Topic;
import io.wellspring.topic.TopicCatalog;
import io.wellspring.topic.Topics;
import java.util.Iterator;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData.TopicRequest;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData.Cursor;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData.DescribeTopicPartitionsResponsePartition;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData.DescribeTopicPartitionsResponseTopic;
import org.apache.kafka.common.protocol.Errors;
import org.springframework.stereotype.Component;

/**
 * DescribeTopicPartitions (KIP-966): topics in order of their names, page by page. A page ends at the asked number of partitions, at most
 * {@value #PAGE_LARGEST}, and its cursor names the partition that comes next. Threads: any.
 */
@Component
public final class DescribeTopicPartitionsHandler
        implements RequestHandler<DescribeTopicPartitionsRequestData, DescribeTopicPartitionsResponseData> {
    /** Kafka's {@code max.request.partition.size.limit}. */
    static final int PAGE_LARGEST = 2000;

    private final Topics topics;
    private final ReplicaStates replicas;
    private final NodeId nodeId;

    DescribeTopicPartitionsHandler(Topics topics, ReplicaStates replicas, NodeId nodeId) {
        this.topics = topics;
        this.replicas = replicas;
        this.nodeId = nodeId;
    }

    @Override
    public ApiMessageType api() {
        return ApiMessageType.DESCRIBE_TOPIC_PARTITIONS;
    }

    @Override
    public Class<DescribeTopicPartitionsRequestData> requestType() {
        return DescribeTopicPartitionsRequestData.class;
    }

    @Override
    public VersionRange versions() {
        return VersionRange.of(0, 0);
    }

    @Override
    public CompletionStage<DescribeTopicPartitionsResponseData> handle(
            RequestContext context, DescribeTopicPartitionsRequestData request) {
        return CompletableFuture.completedFuture(
                isWellFormed(request) ? answer(request) : refused(context, request, Errors.INVALID_REQUEST));
    }

    /** A cursor points to a partition of one of the topics that are asked for. */
    private static boolean isWellFormed(DescribeTopicPartitionsRequestData request) {
        if (request.cursor() == null) {
            return true;
        }
        boolean isAskedFor = request.topics().isEmpty()
                || request.topics().stream()
                        .anyMatch(topic -> topic.name().equals(request.cursor().topicName()));
        return isAskedFor && request.cursor().partitionIndex() >= 0;
    }

    private DescribeTopicPartitionsResponseData answer(DescribeTopicPartitionsRequestData request) {
        TopicCatalog catalog = topics.catalog();
        String firstName = request.cursor() == null ? "" : request.cursor().topicName();
        int firstIndex = request.cursor() == null ? 0 : request.cursor().partitionIndex();
        int room = Math.clamp(request.responsePartitionLimit(), 1, PAGE_LARGEST);
        DescribeTopicPartitionsResponseData response = new DescribeTopicPartitionsResponseData();
        Iterator<String> names = names(request, catalog)
                .filter(name -> name.compareTo(firstName) >= 0)
                .iterator();
        while (names.hasNext() && response.nextCursor() == null) {
            String name = names.next();
            Topic topic = catalog.find(name);
            if (room == 0) {
                response.setNextCursor(new Cursor().setTopicName(name).setPartitionIndex(0));
            } else if (topic == null) {
                response.topics().add(unknown(name));
            } else {
                int from = name.equals(firstName) ? firstIndex : 0;
                int to = (int) Math.min(topic.partitionCount(), (long) from + room);
                response.topics().add(describe(topic, from, to));
                room -= Math.max(0, to - from);
                if (to < topic.partitionCount()) {
                    response.setNextCursor(new Cursor().setTopicName(name).setPartitionIndex(to));
                }
            }
        }
        return response;
    }

    /** Sorted, each once. */
    private static Stream<String> names(DescribeTopicPartitionsRequestData request, TopicCatalog catalog) {
        if (request.topics().isEmpty()) {
            return catalog.all().stream().map(Topic::name);
        }
        TreeSet<String> names = new TreeSet<>();
        for (TopicRequest topic : request.topics()) {
            names.add(topic.name());
        }
        return names.stream();
    }

    private static DescribeTopicPartitionsResponseTopic unknown(String name) {
        return new DescribeTopicPartitionsResponseTopic()
                .setErrorCode(UnknownTopics.errorOf(name).code())
                .setName(name)
                .setIsInternal(Topic.isInternal(name))
                .setTopicAuthorizedOperations(AuthorizedOperations.ALL_ON_TOPIC);
    }

    private DescribeTopicPartitionsResponseTopic describe(Topic topic, int from, int to) {
        DescribeTopicPartitionsResponseTopic answer = new DescribeTopicPartitionsResponseTopic()
                .setName(topic.name())
                .setTopicId(
                        new Uuid(topic.id().mostSignificantBits(), topic.id().leastSignificantBits()))
                .setIsInternal(topic.isInternal())
                .setTopicAuthorizedOperations(AuthorizedOperations.ALL_ON_TOPIC);
        for (int index = from; index < to; index++) {
            PartitionView view = PartitionView.of(nodeId, replicas.find(topic.id(), index));
            answer.partitions()
                    .add(new DescribeTopicPartitionsResponsePartition()
                            .setPartitionIndex(index)
                            .setLeaderId(view.leaderId())
                            .setLeaderEpoch(view.leaderEpoch())
                            .setReplicaNodes(view.replicas())
                            .setIsrNodes(view.replicas())
                            .setEligibleLeaderReplicas(List.of())
                            .setLastKnownElr(List.of())
                            .setOfflineReplicas(view.offlineReplicas()));
        }
        return answer;
    }

    @Override
    public DescribeTopicPartitionsResponseData refused(
            RequestContext context, DescribeTopicPartitionsRequestData request, Errors error) {
        DescribeTopicPartitionsResponseData response = new DescribeTopicPartitionsResponseData();
        for (TopicRequest topic : request.topics()) {
            response.topics()
                    .add(new DescribeTopicPartitionsResponseTopic()
                            .setErrorCode(error.code())
                            .setName(topic.name()));
        }
        return response;
    }
}
