package io.wellspring.api.groups;

import io.wellspring.api.RequestContext;
import io.wellspring.api.RequestHandler;
import io.wellspring.api.VersionRange;
import io.wellspring.coordinator.group.Groups;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.springframework.stereotype.Component;

/** SyncGroup: the leader of a classic group hands in the assignment, the others wait for theirs. Threads: any. */
@Component
final class SyncGroupHandler implements RequestHandler<SyncGroupRequestData, SyncGroupResponseData> {
    /** From here on a member says which protocol it believes the group to have (KIP-559). */
    private static final short NAMES_PROTOCOL = 5;

    private final Groups groups;

    SyncGroupHandler(Groups groups) {
        this.groups = groups;
    }

    @Override
    public ApiMessageType api() {
        return ApiMessageType.SYNC_GROUP;
    }

    @Override
    public Class<SyncGroupRequestData> requestType() {
        return SyncGroupRequestData.class;
    }

    @Override
    public VersionRange versions() {
        return VersionRange.of(0, 5);
    }

    @Override
    public CompletionStage<SyncGroupResponseData> handle(RequestContext context, SyncGroupRequestData request) {
        if (context.apiVersion() >= NAMES_PROTOCOL
                && (request.protocolType() == null || request.protocolName() == null)) {
            return CompletableFuture.completedFuture(refused(context, request, Errors.INCONSISTENT_GROUP_PROTOCOL));
        }
        return GroupCalls.answer(groups.sync(GroupCalls.caller(context, this), request), this, context, request);
    }

    @Override
    public SyncGroupResponseData refused(RequestContext context, SyncGroupRequestData request, Errors error) {
        return new SyncGroupResponseData().setErrorCode(error.code());
    }
}
