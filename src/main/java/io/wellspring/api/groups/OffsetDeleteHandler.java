package io.wellspring.api.groups;

import io.wellspring.api.ApiProperties;
import io.wellspring.api.RequestContext;
import io.wellspring.api.RequestHandler;
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
import org.apache.kafka.common.message.OffsetDeleteRequestData;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestPartition;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestTopic;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestTopicCollection;
import org.apache.kafka.common.message.OffsetDeleteResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.OffsetDeleteResponse;
import org.springframework.stereotype.Component;

/** OffsetDelete: forgets how far a group has read in partitions it does not subscribe to. Threads: any. */
@Component
final class OffsetDeleteHandler implements RequestHandler<OffsetDeleteRequestData, OffsetDeleteResponseData> {
    private final Groups groups;
    private final Topics topics;
    private final int mostPartitions;

    OffsetDeleteHandler(Groups groups, Topics topics, ApiProperties properties) {
        this.groups = groups;
        this.topics = topics;
        this.mostPartitions = properties.maxPartitionsPerRequest();
    }

    @Override
    public ApiMessageType api() {
        return ApiMessageType.OFFSET_DELETE;
    }

    @Override
    public Class<OffsetDeleteRequestData> requestType() {
        return OffsetDeleteRequestData.class;
    }

    @Override
    public VersionRange versions() {
        return VersionRange.of(0, 0);
    }

    @Override
    public CompletionStage<OffsetDeleteResponseData> handle(RequestContext context, OffsetDeleteRequestData request) {
        int count = request.topics().stream()
                .mapToInt(topic -> topic.partitions().size())
                .sum();
        if (count > mostPartitions) {
            return CompletableFuture.completedFuture(refused(context, request, Errors.INVALID_REQUEST));
        }
        OffsetDeleteResponse.Builder response = new OffsetDeleteResponse.Builder();
        OffsetDeleteRequestTopicCollection known = new OffsetDeleteRequestTopicCollection();
        TopicCatalog catalog = topics.catalog();
        for (OffsetDeleteRequestTopic topic : request.topics()) {
            Topic found = catalog.find(topic.name());
            int partitionCount = found == null ? 0 : found.partitionCount();
            List<OffsetDeleteRequestPartition> there = new ArrayList<>();
            for (OffsetDeleteRequestPartition partition : topic.partitions()) {
                int index = partition.partitionIndex();
                if (index >= 0 && index < partitionCount) {
                    there.add(partition);
                } else {
                    response.addPartition(topic.name(), index, Errors.UNKNOWN_TOPIC_OR_PARTITION);
                }
            }
            if (!there.isEmpty()) {
                known.add(new OffsetDeleteRequestTopic().setName(topic.name()).setPartitions(there));
            }
        }
        // Also if nothing is left to delete: as with Kafka the group is judged before its topics.
        OffsetDeleteRequestData toDelete =
                new OffsetDeleteRequestData().setGroupId(request.groupId()).setTopics(known);
        return GroupCalls.answer(
                groups.deleteOffsets(GroupCalls.caller(context, this), toDelete)
                        .thenApply(deleted -> response.merge(deleted).build().data()),
                this,
                context,
                request);
    }

    @Override
    public OffsetDeleteResponseData refused(RequestContext context, OffsetDeleteRequestData request, Errors error) {
        return new OffsetDeleteResponseData().setErrorCode(error.code());
    }
}
