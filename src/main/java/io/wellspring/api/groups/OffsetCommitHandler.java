package io.wellspring.api.groups;

import io.wellspring.api.ApiProperties;
import io.wellspring.api.RequestContext;
import io.wellspring.api.RequestHandler;
import io.wellspring.api.TopicIds;
import io.wellspring.api.VersionRange;
import io.wellspring.coordinator.group.Groups;
import io.wellspring.topic.Topic;
import io.wellspring.topic.TopicCatalog;
import io.wellspring.topic.Topics;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.OffsetCommitResponse;
import org.springframework.stereotype.Component;

/**
 * OffsetCommit: how far a group has read. Topics and partitions that are not there are refused one by one, the rest is committed. From version
 * 10 on topics are named by id. Threads: any.
 */
@Component
final class OffsetCommitHandler implements RequestHandler<OffsetCommitRequestData, OffsetCommitResponseData> {
    private final Groups groups;
    private final Topics topics;
    private final int mostPartitions;

    OffsetCommitHandler(Groups groups, Topics topics, ApiProperties properties) {
        this.groups = groups;
        this.topics = topics;
        this.mostPartitions = properties.maxPartitionsPerRequest();
    }

    @Override
    public ApiMessageType api() {
        return ApiMessageType.OFFSET_COMMIT;
    }

    @Override
    public Class<OffsetCommitRequestData> requestType() {
        return OffsetCommitRequestData.class;
    }

    @Override
    public VersionRange versions() {
        return VersionRange.of(2, 10);
    }

    @Override
    public CompletionStage<OffsetCommitResponseData> handle(RequestContext context, OffsetCommitRequestData request) {
        int count = request.topics().stream()
                .mapToInt(topic -> topic.partitions().size())
                .sum();
        if (count > mostPartitions) {
            return CompletableFuture.completedFuture(refused(context, request, Errors.INVALID_REQUEST));
        }
        boolean byId = OffsetCommitResponse.useTopicIds(context.apiVersion());
        OffsetCommitResponse.Builder response = OffsetCommitResponse.newBuilder(byId);
        List<OffsetCommitRequestTopic> known = new ArrayList<>();
        TopicCatalog catalog = topics.catalog();
        for (OffsetCommitRequestTopic topic : request.topics()) {
            Topic found = byId ? catalog.find(TopicIds.idOf(topic.topicId())) : catalog.find(topic.name());
            if (found == null) {
                response.addPartitions(
                        topic.topicId(),
                        topic.name(),
                        topic.partitions(),
                        OffsetCommitRequestPartition::partitionIndex,
                        byId ? Errors.UNKNOWN_TOPIC_ID : Errors.UNKNOWN_TOPIC_OR_PARTITION);
            } else {
                addKnown(topic, found, known, response);
            }
        }
        if (known.isEmpty()) {
            return CompletableFuture.completedFuture(response.build().data());
        }
        OffsetCommitRequestData toCommit = request.duplicate().setTopics(known);
        return GroupCalls.answer(
                groups.commitOffsets(GroupCalls.caller(context, this), toCommit)
                        .thenApply(
                                committed -> response.merge(committed).build().data()),
                this,
                context,
                request);
    }

    private static void addKnown(
            OffsetCommitRequestTopic asked,
            Topic found,
            List<OffsetCommitRequestTopic> known,
            OffsetCommitResponse.Builder response) {
        List<OffsetCommitRequestPartition> there =
                new ArrayList<>(asked.partitions().size());
        for (OffsetCommitRequestPartition partition : asked.partitions()) {
            int index = partition.partitionIndex();
            if (index >= 0 && index < found.partitionCount()) {
                there.add(partition);
            } else {
                response.addPartition(asked.topicId(), asked.name(), index, Errors.UNKNOWN_TOPIC_OR_PARTITION);
            }
        }
        if (!there.isEmpty()) {
            known.add(new OffsetCommitRequestTopic()
                    .setName(found.name())
                    .setTopicId(TopicIds.uuidOf(found.id()))
                    .setPartitions(there));
        }
    }

    @Override
    public OffsetCommitResponseData refused(RequestContext context, OffsetCommitRequestData request, Errors error) {
        OffsetCommitResponse.Builder response =
                OffsetCommitResponse.newBuilder(OffsetCommitResponse.useTopicIds(context.apiVersion()));
        for (OffsetCommitRequestTopic topic : request.topics()) {
            response.addPartitions(
                    topic.topicId(),
                    topic.name(),
                    topic.partitions(),
                    OffsetCommitRequestPartition::partitionIndex,
                    error);
        }
        return response.build().data();
    }
}
