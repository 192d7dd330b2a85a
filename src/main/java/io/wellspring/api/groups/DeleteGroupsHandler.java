package io.wellspring.api.groups;

import io.wellspring.api.RequestContext;
import io.wellspring.api.RequestHandler;
import io.wellspring.api.VersionRange;
import io.wellspring.coordinator.group.Groups;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.message.DeleteGroupsRequestData;
import org.apache.kafka.common.message.DeleteGroupsResponseData;
import org.apache.kafka.common.message.DeleteGroupsResponseData.DeletableGroupResult;
import org.apache.kafka.common.message.DeleteGroupsResponseData.DeletableGroupResultCollection;
import org.apache.kafka.common.protocol.Errors;
import org.springframework.stereotype.Component;

/** DeleteGroups: groups without members, with their offsets. Threads: any. */
@Component
final class DeleteGroupsHandler implements RequestHandler<DeleteGroupsRequestData, DeleteGroupsResponseData> {
    private final Groups groups;

    DeleteGroupsHandler(Groups groups) {
        this.groups = groups;
    }

    @Override
    public ApiMessageType api() {
        return ApiMessageType.DELETE_GROUPS;
    }

    @Override
    public Class<DeleteGroupsRequestData> requestType() {
        return DeleteGroupsRequestData.class;
    }

    @Override
    public VersionRange versions() {
        return VersionRange.of(0, 3);
    }

    @Override
    public CompletionStage<DeleteGroupsResponseData> handle(RequestContext context, DeleteGroupsRequestData request) {
        List<String> distinct = GroupCalls.distinct(request.groupsNames());
        return GroupCalls.answer(
                groups.delete(GroupCalls.caller(context, this), distinct)
                        .thenApply(results -> new DeleteGroupsResponseData().setResults(results)),
                this,
                context,
                request);
    }

    @Override
    public DeleteGroupsResponseData refused(RequestContext context, DeleteGroupsRequestData request, Errors error) {
        DeletableGroupResultCollection results = new DeletableGroupResultCollection();
        request.groupsNames().stream()
                .distinct()
                .forEach(group ->
                        results.add(new DeletableGroupResult().setGroupId(group).setErrorCode(error.code())));
        return new DeleteGroupsResponseData().setResults(results);
    }
}
