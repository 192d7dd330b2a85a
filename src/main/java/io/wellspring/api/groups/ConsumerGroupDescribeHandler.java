package io.wellspring.api.groups;

import io.wellspring.api.AuthorizedOperations;
import io.wellspring.api.RequestContext;
import io.wellspring.api.RequestHandler;
import io.wellspring.api.VersionRange;
import io.wellspring.coordinator.group.Groups;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.message.ConsumerGroupDescribeRequestData;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData.DescribedGroup;
import org.apache.kafka.common.protocol.Errors;
import org.springframework.stereotype.Component;

/** ConsumerGroupDescribe: consumer groups (KIP-848), their members and what is assigned to them. Threads: any. */
@Component
final class ConsumerGroupDescribeHandler
        implements RequestHandler<ConsumerGroupDescribeRequestData, ConsumerGroupDescribeResponseData> {
    private final Groups groups;

    ConsumerGroupDescribeHandler(Groups groups) {
        this.groups = groups;
    }

    @Override
    public ApiMessageType api() {
        return ApiMessageType.CONSUMER_GROUP_DESCRIBE;
    }

    @Override
    public Class<ConsumerGroupDescribeRequestData> requestType() {
        return ConsumerGroupDescribeRequestData.class;
    }

    @Override
    public VersionRange versions() {
        return VersionRange.of(0, 1);
    }

    @Override
    public CompletionStage<ConsumerGroupDescribeResponseData> handle(
            RequestContext context, ConsumerGroupDescribeRequestData request) {
        return GroupCalls.answer(
                groups.describeConsumer(GroupCalls.caller(context, this), GroupCalls.distinct(request.groupIds()))
                        .thenApply(found -> answer(request, found)),
                this,
                context,
                request);
    }

    private static ConsumerGroupDescribeResponseData answer(
            ConsumerGroupDescribeRequestData request, List<DescribedGroup> found) {
        if (request.includeAuthorizedOperations()) {
            for (DescribedGroup group : found) {
                if (group.errorCode() == Errors.NONE.code()) {
                    group.setAuthorizedOperations(AuthorizedOperations.ALL_ON_GROUP);
                }
            }
        }
        return new ConsumerGroupDescribeResponseData().setGroups(found);
    }

    @Override
    public ConsumerGroupDescribeResponseData refused(
            RequestContext context, ConsumerGroupDescribeRequestData request, Errors error) {
        return new ConsumerGroupDescribeResponseData()
                .setGroups(request.groupIds().stream()
                        .map(id -> new DescribedGroup().setGroupId(id).setErrorCode(error.code()))
                        .toList());
    }
}
