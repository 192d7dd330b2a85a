package io.wellspring.api.groups;

import io.wellspring.api.AuthorizedOperations;
import io.wellspring.api.RequestContext;
import io.wellspring.api.RequestHandler;
import io.wellspring.api.VersionRange;
import io.wellspring.coordinator.group.Groups;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.message.DescribeGroupsRequestData;
import org.apache.kafka.common.message.DescribeGroupsResponseData;
import org.apache.kafka.common.message.DescribeGroupsResponseData.DescribedGroup;
import org.apache.kafka.common.protocol.Errors;
import org.springframework.stereotype.Component;

/** DescribeGroups: classic groups and their members. From version 6 an unknown group is an error, before it is called dead. Threads: any. */
@Component
final class DescribeGroupsHandler implements RequestHandler<DescribeGroupsRequestData, DescribeGroupsResponseData> {
    private final Groups groups;

    DescribeGroupsHandler(Groups groups) {
        this.groups = groups;
    }

    @Override
    public ApiMessageType api() {
        return ApiMessageType.DESCRIBE_GROUPS;
    }

    @Override
    public Class<DescribeGroupsRequestData> requestType() {
        return DescribeGroupsRequestData.class;
    }

    @Override
    public VersionRange versions() {
        return VersionRange.of(0, 6);
    }

    @Override
    public CompletionStage<DescribeGroupsResponseData> handle(
            RequestContext context, DescribeGroupsRequestData request) {
        return GroupCalls.answer(
                groups.describe(GroupCalls.caller(context, this), GroupCalls.distinct(request.groups()))
                        .thenApply(found -> answer(request, found)),
                this,
                context,
                request);
    }

    private static DescribeGroupsResponseData answer(DescribeGroupsRequestData request, List<DescribedGroup> found) {
        if (request.includeAuthorizedOperations()) {
            for (DescribedGroup group : found) {
                if (group.errorCode() == Errors.NONE.code()) {
                    group.setAuthorizedOperations(AuthorizedOperations.ALL_ON_GROUP);
                }
            }
        }
        return new DescribeGroupsResponseData().setGroups(found);
    }

    @Override
    public DescribeGroupsResponseData refused(RequestContext context, DescribeGroupsRequestData request, Errors error) {
        return new DescribeGroupsResponseData()
                .setGroups(request.groups().stream()
                        .map(id -> new DescribedGroup().setGroupId(id).setErrorCode(error.code()))
                        .toList());
    }
}
