package io.wellspring.api;

import java.util.function.Consumer;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.message.DeleteGroupsResponseData;
import org.apache.kafka.common.message.DescribeGroupsResponseData;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.LeaveGroupResponseData;
import org.apache.kafka.common.message.ListGroupsResponseData;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetDeleteResponseData;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.message.StreamsGroupDescribeResponseData;
import org.apache.kafka.common.message.StreamsGroupHeartbeatResponseData;
import org.apache.kafka.common.message.StreamsGroupTopologyDescriptionUpdateResponseData;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.ApiMessage;

/** The errors that responses about groups carry; see {@link ResponseErrors}. Threads: any. */
final class GroupResponseErrors {
    private GroupResponseErrors() {}

    /** Calls the consumer with each error code, zero included. @return false: the response is not one about groups */
    static boolean each(ApiMessage response, Consumer<Short> codes) {
        switch (response) {
            case HeartbeatResponseData data -> codes.accept(data.errorCode());
            case JoinGroupResponseData data -> codes.accept(data.errorCode());
            case SyncGroupResponseData data -> codes.accept(data.errorCode());
            case ConsumerGroupHeartbeatResponseData data -> codes.accept(data.errorCode());
            case StreamsGroupHeartbeatResponseData data -> codes.accept(data.errorCode());
            case StreamsGroupTopologyDescriptionUpdateResponseData data -> codes.accept(data.errorCode());
            case ListGroupsResponseData data -> codes.accept(data.errorCode());
            case FindCoordinatorResponseData data -> {
                codes.accept(data.errorCode());
                data.coordinators().forEach(coordinator -> codes.accept(coordinator.errorCode()));
            }
            case LeaveGroupResponseData data -> {
                codes.accept(data.errorCode());
                data.members().forEach(member -> codes.accept(member.errorCode()));
            }
            case DescribeGroupsResponseData data -> data.groups().forEach(group -> codes.accept(group.errorCode()));
            case ConsumerGroupDescribeResponseData data ->
                data.groups().forEach(group -> codes.accept(group.errorCode()));
            case StreamsGroupDescribeResponseData data ->
                data.groups().forEach(group -> codes.accept(group.errorCode()));
            case DeleteGroupsResponseData data -> data.results().forEach(result -> codes.accept(result.errorCode()));
            case OffsetCommitResponseData data ->
                data.topics()
                        .forEach(topic -> topic.partitions().forEach(partition -> codes.accept(partition.errorCode())));
            case OffsetDeleteResponseData data -> {
                codes.accept(data.errorCode());
                data.topics()
                        .forEach(topic -> topic.partitions().forEach(partition -> codes.accept(partition.errorCode())));
            }
            case OffsetFetchResponseData data -> eachOf(data, codes);
            default -> {
                return false;
            }
        }
        return true;
    }

    /** Older versions answer for one group, in a shape of their own. */
    private static void eachOf(OffsetFetchResponseData response, Consumer<Short> codes) {
        codes.accept(response.errorCode());
        response.topics()
                .forEach(topic -> topic.partitions().forEach(partition -> codes.accept(partition.errorCode())));
        for (OffsetFetchResponseData.OffsetFetchResponseGroup group : response.groups()) {
            codes.accept(group.errorCode());
            group.topics()
                    .forEach(topic -> topic.partitions().forEach(partition -> codes.accept(partition.errorCode())));
        }
    }
}
