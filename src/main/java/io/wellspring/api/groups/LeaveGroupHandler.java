package io.wellspring.api.groups;

import io.wellspring.api.RequestContext;
import io.wellspring.api.RequestHandler;
import io.wellspring.api.VersionRange;
import io.wellspring.coordinator.group.Groups;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.message.LeaveGroupRequestData;
import org.apache.kafka.common.message.LeaveGroupRequestData.MemberIdentity;
import org.apache.kafka.common.message.LeaveGroupResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.LeaveGroupResponse;
import org.springframework.stereotype.Component;

/** LeaveGroup: members leave a group, by themselves or taken out by an administrator (versions from 3 on name several). Threads: any. */
@Component
final class LeaveGroupHandler implements RequestHandler<LeaveGroupRequestData, LeaveGroupResponseData> {
    private static final short NAMES_SEVERAL = 3;

    private final Groups groups;

    LeaveGroupHandler(Groups groups) {
        this.groups = groups;
    }

    @Override
    public ApiMessageType api() {
        return ApiMessageType.LEAVE_GROUP;
    }

    @Override
    public Class<LeaveGroupRequestData> requestType() {
        return LeaveGroupRequestData.class;
    }

    @Override
    public VersionRange versions() {
        return VersionRange.of(0, 5);
    }

    @Override
    public CompletionStage<LeaveGroupResponseData> handle(RequestContext context, LeaveGroupRequestData request) {
        if (context.apiVersion() < NAMES_SEVERAL) {
            request.setMembers(List.of(new MemberIdentity().setMemberId(request.memberId())));
        }
        return GroupCalls.answer(
                groups.leave(GroupCalls.caller(context, this), request)
                        // Older versions have one error for the one member.
                        .thenApply(response -> new LeaveGroupResponse(response, context.apiVersion()).data()),
                this,
                context,
                request);
    }

    @Override
    public LeaveGroupResponseData refused(RequestContext context, LeaveGroupRequestData request, Errors error) {
        return new LeaveGroupResponseData().setErrorCode(error.code());
    }
}
