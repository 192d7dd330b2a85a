package io.wellspring.api.groups;

import io.wellspring.api.AuthorizedOperations;
import io.wellspring.api.RequestContext;
import io.wellspring.api.RequestHandler;
import io.wellspring.api.VersionRange;
import io.wellspring.coordinator.group.Groups;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.message.StreamsGroupDescribeRequestData;
import org.apache.kafka.common.message.StreamsGroupDescribeResponseData;
import org.apache.kafka.common.message.StreamsGroupDescribeResponseData.DescribedGroup;
import org.apache.kafka.common.protocol.Errors;
import org.springframework.stereotype.Component;

/** StreamsGroupDescribe: streams groups (KIP-1071), their topology and tasks. Threads: any. */
@Component
final class StreamsGroupDescribeHandler
        implements RequestHandler<StreamsGroupDescribeRequestData, StreamsGroupDescribeResponseData> {
    private final Groups groups;

    StreamsGroupDescribeHandler(Groups groups) {
        this.groups = groups;
    }

    @Override
    public ApiMessageType api() {
        return ApiMessageType.STREAMS_GROUP_DESCRIBE;
    }

    @Override
    public Class<StreamsGroupDescribeRequestData> requestType() {
        return StreamsGroupDescribeRequestData.class;
    }

    @Override
    public VersionRange versions() {
        return VersionRange.of(0, 1);
    }

    @Override
    public CompletionStage<StreamsGroupDescribeResponseData> handle(
            RequestContext context, StreamsGroupDescribeRequestData request) {
        return GroupCalls.answer(
                groups.describeStreams(
                                GroupCalls.caller(context, this),
                                GroupCalls.distinct(request.groupIds()),
                                request.includeTopologyDescription())
                        .thenApply(found -> answer(request, found)),
                this,
                context,
                request);
    }

    private static StreamsGroupDescribeResponseData answer(
            StreamsGroupDescribeRequestData request, List<DescribedGroup> found) {
        if (request.includeAuthorizedOperations()) {
            for (DescribedGroup group : found) {
                if (group.errorCode() == Errors.NONE.code()) {
                    group.setAuthorizedOperations(AuthorizedOperations.ALL_ON_GROUP);
                }
            }
        }
        return new StreamsGroupDescribeResponseData().setGroups(found);
    }

    @Override
    public StreamsGroupDescribeResponseData refused(
            RequestContext context, StreamsGroupDescribeRequestData request, Errors error) {
        return new StreamsGroupDescribeResponseData()
                .setGroups(request.groupIds().stream()
                        .map(id -> new DescribedGroup().setGroupId(id).setErrorCode(error.code()))
                        .toList());
    }
}
