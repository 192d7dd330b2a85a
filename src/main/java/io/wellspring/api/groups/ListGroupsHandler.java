package io.wellspring.api.groups;

import io.wellspring.api.RequestContext;
import io.wellspring.api.RequestHandler;
import io.wellspring.api.VersionRange;
import io.wellspring.coordinator.group.Groups;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.message.ListGroupsRequestData;
import org.apache.kafka.common.message.ListGroupsResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.springframework.stereotype.Component;

/** ListGroups: all groups of this broker, by state (from version 4) and type (from version 5). Threads: any. */
@Component
final class ListGroupsHandler implements RequestHandler<ListGroupsRequestData, ListGroupsResponseData> {
    private final Groups groups;

    ListGroupsHandler(Groups groups) {
        this.groups = groups;
    }

    @Override
    public ApiMessageType api() {
        return ApiMessageType.LIST_GROUPS;
    }

    @Override
    public Class<ListGroupsRequestData> requestType() {
        return ListGroupsRequestData.class;
    }

    @Override
    public VersionRange versions() {
        return VersionRange.of(0, 5);
    }

    @Override
    public CompletionStage<ListGroupsResponseData> handle(RequestContext context, ListGroupsRequestData request) {
        return GroupCalls.answer(groups.list(GroupCalls.caller(context, this), request), this, context, request);
    }

    @Override
    public ListGroupsResponseData refused(RequestContext context, ListGroupsRequestData request, Errors error) {
        return new ListGroupsResponseData().setErrorCode(error.code());
    }
}
