package io.wellspring.api.groups;

import io.wellspring.api.RequestContext;
import io.wellspring.api.RequestHandler;
import io.wellspring.api.VersionRange;
import io.wellspring.coordinator.group.Groups;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.message.StreamsGroupTopologyDescriptionUpdateRequestData;
import org.apache.kafka.common.message.StreamsGroupTopologyDescriptionUpdateResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.springframework.stereotype.Component;

/** StreamsGroupTopologyDescriptionUpdate: a Kafka Streams application tells what its topology looks like. Threads: any. */
@Component
final class StreamsGroupTopologyDescriptionUpdateHandler
        implements RequestHandler<
                StreamsGroupTopologyDescriptionUpdateRequestData, StreamsGroupTopologyDescriptionUpdateResponseData> {
    private final Groups groups;

    StreamsGroupTopologyDescriptionUpdateHandler(Groups groups) {
        this.groups = groups;
    }

    @Override
    public ApiMessageType api() {
        return ApiMessageType.STREAMS_GROUP_TOPOLOGY_DESCRIPTION_UPDATE;
    }

    @Override
    public Class<StreamsGroupTopologyDescriptionUpdateRequestData> requestType() {
        return StreamsGroupTopologyDescriptionUpdateRequestData.class;
    }

    @Override
    public VersionRange versions() {
        return VersionRange.of(0, 0);
    }

    @Override
    public CompletionStage<StreamsGroupTopologyDescriptionUpdateResponseData> handle(
            RequestContext context, StreamsGroupTopologyDescriptionUpdateRequestData request) {
        return GroupCalls.answer(
                groups.updateTopologyDescription(GroupCalls.caller(context, this), request), this, context, request);
    }

    @Override
    public StreamsGroupTopologyDescriptionUpdateResponseData refused(
            RequestContext context, StreamsGroupTopologyDescriptionUpdateRequestData request, Errors error) {
        return new StreamsGroupTopologyDescriptionUpdateResponseData().setErrorCode(error.code());
    }
}
