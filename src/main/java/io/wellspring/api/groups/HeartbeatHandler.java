package io.wellspring.api.groups;

import io.wellspring.api.RequestContext;
import io.wellspring.api.RequestHandler;
import io.wellspring.api.VersionRange;
import io.wellspring.coordinator.group.Groups;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.springframework.stereotype.Component;

/** Heartbeat: a member of a classic group is alive, and hears of a rebalance. Threads: any. */
@Component
final class HeartbeatHandler implements RequestHandler<HeartbeatRequestData, HeartbeatResponseData> {
    private final Groups groups;

    HeartbeatHandler(Groups groups) {
        this.groups = groups;
    }

    @Override
    public ApiMessageType api() {
        return ApiMessageType.HEARTBEAT;
    }

    @Override
    public Class<HeartbeatRequestData> requestType() {
        return HeartbeatRequestData.class;
    }

    @Override
    public VersionRange versions() {
        return VersionRange.of(0, 4);
    }

    @Override
    public CompletionStage<HeartbeatResponseData> handle(RequestContext context, HeartbeatRequestData request) {
        return GroupCalls.answer(groups.heartbeat(GroupCalls.caller(context, this), request), this, context, request);
    }

    @Override
    public HeartbeatResponseData refused(RequestContext context, HeartbeatRequestData request, Errors error) {
        return new HeartbeatResponseData().setErrorCode(error.code());
    }
}
