package io.wellspring.api.groups;

import io.wellspring.api.RequestContext;
import io.wellspring.api.RequestHandler;
import io.wellspring.api.VersionRange;
import io.wellspring.coordinator.group.Groups;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.springframework.stereotype.Component;

/** ConsumerGroupHeartbeat (KIP-848): joins, keeps and leaves a consumer group; the broker assigns the partitions. Threads: any. */
@Component
final class ConsumerGroupHeartbeatHandler
        implements RequestHandler<ConsumerGroupHeartbeatRequestData, ConsumerGroupHeartbeatResponseData> {
    private final Groups groups;

    ConsumerGroupHeartbeatHandler(Groups groups) {
        this.groups = groups;
    }

    @Override
    public ApiMessageType api() {
        return ApiMessageType.CONSUMER_GROUP_HEARTBEAT;
    }

    @Override
    public Class<ConsumerGroupHeartbeatRequestData> requestType() {
        return ConsumerGroupHeartbeatRequestData.class;
    }

    @Override
    public VersionRange versions() {
        return VersionRange.of(0, 1);
    }

    @Override
    public CompletionStage<ConsumerGroupHeartbeatResponseData> handle(
            RequestContext context, ConsumerGroupHeartbeatRequestData request) {
        return GroupCalls.answer(
                groups.consumerHeartbeat(GroupCalls.caller(context, this), request), this, context, request);
    }

    @Override
    public ConsumerGroupHeartbeatResponseData refused(
            RequestContext context, ConsumerGroupHeartbeatRequestData request, Errors error) {
        return new ConsumerGroupHeartbeatResponseData().setErrorCode(error.code());
    }
}
