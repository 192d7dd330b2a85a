package io.wellspring.coordinator.group;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.errors.NotCoordinatorException;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.DeleteGroupsResponseData.DeletableGroupResultCollection;
import org.apache.kafka.common.message.DescribeGroupsResponseData;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.LeaveGroupRequestData;
import org.apache.kafka.common.message.LeaveGroupResponseData;
import org.apache.kafka.common.message.ListGroupsRequestData;
import org.apache.kafka.common.message.ListGroupsResponseData;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetDeleteRequestData;
import org.apache.kafka.common.message.OffsetDeleteResponseData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.message.StreamsGroupDescribeResponseData;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData;
import org.apache.kafka.common.message.StreamsGroupHeartbeatResponseData;
import org.apache.kafka.common.message.StreamsGroupTopologyDescriptionUpdateRequestData;
import org.apache.kafka.common.message.StreamsGroupTopologyDescriptionUpdateResponseData;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.utils.internals.BufferSupplier;

/**
 * Groups as the APIs ask for them, in the wire's messages. An answer holds its errors as the protocol wants them; a stage that fails does so with
 * Kafka's exception for the error, or with a bug. Nothing that changes a group is answered before it is committed to the log. Threads: any;
 * nothing here blocks, answers come on the library's threads.
 */
public final class Groups {
    private final GroupLibrary library;
    private final OffsetsTopic offsetsTopic;

    Groups(GroupLibrary library, OffsetsTopic offsetsTopic) {
        this.library = library;
        this.offsetsTopic = offsetsTopic;
    }

    /** Makes the topic of groups if need be. @return false: it cannot be made now, the client tries again */
    public CompletionStage<Boolean> ready() {
        return offsetsTopic.make();
    }

    /** Name of the internal topic whose partitions coordinate groups. */
    public String topic() {
        return OffsetsTopic.NAME;
    }

    /**
     * The partition of {@link #topic} that coordinates the group: by hash of its id, as in Kafka.
     *
     * @throws org.apache.kafka.common.errors.CoordinatorNotAvailableException the broker starts or stops
     */
    public int partitionFor(String groupId) {
        return library.running().partitionFor(groupId);
    }

    public CompletionStage<JoinGroupResponseData> join(GroupCaller caller, JoinGroupRequestData request) {
        return library.ask(
                coordinator -> coordinator.joinGroup(new CallerContext(caller), request, BufferSupplier.NO_CACHING));
    }

    public CompletionStage<SyncGroupResponseData> sync(GroupCaller caller, SyncGroupRequestData request) {
        return library.ask(
                coordinator -> coordinator.syncGroup(new CallerContext(caller), request, BufferSupplier.NO_CACHING));
    }

    public CompletionStage<HeartbeatResponseData> heartbeat(GroupCaller caller, HeartbeatRequestData request) {
        return library.ask(coordinator -> coordinator.heartbeat(new CallerContext(caller), request));
    }

    public CompletionStage<LeaveGroupResponseData> leave(GroupCaller caller, LeaveGroupRequestData request) {
        return library.ask(coordinator -> coordinator.leaveGroup(new CallerContext(caller), request));
    }

    public CompletionStage<ConsumerGroupHeartbeatResponseData> consumerHeartbeat(
            GroupCaller caller, ConsumerGroupHeartbeatRequestData request) {
        return library.ask(coordinator -> coordinator.consumerGroupHeartbeat(new CallerContext(caller), request));
    }

    public CompletionStage<List<ConsumerGroupDescribeResponseData.DescribedGroup>> describeConsumer(
            GroupCaller caller, List<String> groupIds) {
        return library.ask(coordinator -> coordinator.consumerGroupDescribe(new CallerContext(caller), groupIds));
    }

    /**
     * What a heartbeat of a streams group led to.
     *
     * @param response for the client
     * @param topicsToMake internal topics that the group needs and that are not there
     */
    public record StreamsHeartbeat(
            StreamsGroupHeartbeatResponseData response, Map<String, CreatableTopic> topicsToMake) {}

    public CompletionStage<StreamsHeartbeat> streamsHeartbeat(
            GroupCaller caller, StreamsGroupHeartbeatRequestData request) {
        return library.ask(coordinator -> coordinator.streamsGroupHeartbeat(new CallerContext(caller), request))
                .thenApply(result -> new StreamsHeartbeat(result.data(), result.creatableTopics()));
    }

    public CompletionStage<List<StreamsGroupDescribeResponseData.DescribedGroup>> describeStreams(
            GroupCaller caller, List<String> groupIds, boolean includeTopologyDescription) {
        return library.ask(coordinator ->
                coordinator.streamsGroupDescribe(new CallerContext(caller), groupIds, includeTopologyDescription));
    }

    public CompletionStage<StreamsGroupTopologyDescriptionUpdateResponseData> updateTopologyDescription(
            GroupCaller caller, StreamsGroupTopologyDescriptionUpdateRequestData request) {
        return library.ask(
                coordinator -> coordinator.streamsGroupTopologyDescriptionUpdate(new CallerContext(caller), request));
    }

    public CompletionStage<ListGroupsResponseData> list(GroupCaller caller, ListGroupsRequestData request) {
        return library.ask(coordinator -> coordinator.listGroups(new CallerContext(caller), request));
    }

    public CompletionStage<List<DescribeGroupsResponseData.DescribedGroup>> describe(
            GroupCaller caller, List<String> groupIds) {
        return library.ask(coordinator -> coordinator.describeGroups(new CallerContext(caller), groupIds));
    }

    public CompletionStage<DeletableGroupResultCollection> delete(GroupCaller caller, List<String> groupIds) {
        if (!offsetsTopic.exists()) {
            // The library would answer the same, and log each group as an error of its own.
            return CompletableFuture.failedStage(new NotCoordinatorException("there are no groups yet"));
        }
        return library.ask(coordinator ->
                coordinator.deleteGroups(new CallerContext(caller), groupIds, BufferSupplier.NO_CACHING));
    }

    /** @param requireStable an offset inside an open transaction is answered with an error that the client waits out */
    public CompletionStage<OffsetFetchResponseGroup> fetchOffsets(
            GroupCaller caller, OffsetFetchRequestGroup request, boolean requireStable) {
        return library.ask(coordinator -> coordinator.fetchOffsets(new CallerContext(caller), request, requireStable));
    }

    public CompletionStage<OffsetCommitResponseData> commitOffsets(
            GroupCaller caller, OffsetCommitRequestData request) {
        return library.ask(coordinator ->
                coordinator.commitOffsets(new CallerContext(caller), request, BufferSupplier.NO_CACHING));
    }

    public CompletionStage<OffsetDeleteResponseData> deleteOffsets(
            GroupCaller caller, OffsetDeleteRequestData request) {
        return library.ask(coordinator ->
                coordinator.deleteOffsets(new CallerContext(caller), request, BufferSupplier.NO_CACHING));
    }
}
