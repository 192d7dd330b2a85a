package io.wellspring.api.groups;

import io.wellspring.api.RequestContext;
import io.wellspring.api.RequestHandler;
import io.wellspring.api.VersionRange;
import io.wellspring.coordinator.group.Groups;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.JoinGroupResponse;
import org.springframework.stereotype.Component;

/** JoinGroup: a member of a classic group asks to take part in the next generation; answered when the generation is complete. Threads: any. */
@Component
final class JoinGroupHandler implements RequestHandler<JoinGroupRequestData, JoinGroupResponseData> {
    private final Groups groups;

    JoinGroupHandler(Groups groups) {
        this.groups = groups;
    }

    @Override
    public ApiMessageType api() {
        return ApiMessageType.JOIN_GROUP;
    }

    @Override
    public Class<JoinGroupRequestData> requestType() {
        return JoinGroupRequestData.class;
    }

    @Override
    public VersionRange versions() {
        return VersionRange.of(0, 9);
    }

    @Override
    public CompletionStage<JoinGroupResponseData> handle(RequestContext context, JoinGroupRequestData request) {
        if (context.apiVersion() == 0) {
            // The first version knows one time only.
            request.setRebalanceTimeoutMs(request.sessionTimeoutMs());
        }
        return GroupCalls.answer(
                groups.join(GroupCalls.caller(context, this), request)
                        // Older versions cannot say that there is no protocol yet.
                        .thenApply(response -> new JoinGroupResponse(response, context.apiVersion()).data()),
                this,
                context,
                request);
    }

    @Override
    public JoinGroupResponseData refused(RequestContext context, JoinGroupRequestData request, Errors error) {
        JoinGroupResponseData response =
                new JoinGroupResponseData().setErrorCode(error.code()).setProtocolName(null);
        return new JoinGroupResponse(response, context.apiVersion()).data();
    }
}
