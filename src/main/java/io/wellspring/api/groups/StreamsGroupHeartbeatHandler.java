package io.wellspring.api.groups;

import io.wellspring.api.RequestContext;
import io.wellspring.api.RequestHandler;
import io.wellspring.api.VersionRange;
import io.wellspring.coordinator.group.Groups;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData;
import org.apache.kafka.common.message.StreamsGroupHeartbeatResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.springframework.stereotype.Component;

/**
 * StreamsGroupHeartbeat (KIP-1071): joins, keeps and leaves a group of Kafka Streams; the broker assigns the tasks and makes the internal
 * topics that the topology needs. Their making is begun here and not waited for: until they are there the members are told so by
 * their heartbeats. Threads: any.
 */
@Component
final class StreamsGroupHeartbeatHandler
        implements RequestHandler<StreamsGroupHeartbeatRequestData, StreamsGroupHeartbeatResponseData> {
    private final Groups groups;
    private final StreamsTopics streamsTopics;

    StreamsGroupHeartbeatHandler(Groups groups, StreamsTopics streamsTopics) {
        this.groups = groups;
        this.streamsTopics = streamsTopics;
    }

    @Override
    public ApiMessageType api() {
        return ApiMessageType.STREAMS_GROUP_HEARTBEAT;
    }

    @Override
    public Class<StreamsGroupHeartbeatRequestData> requestType() {
        return StreamsGroupHeartbeatRequestData.class;
    }

    @Override
    public VersionRange versions() {
        return VersionRange.of(0, 1);
    }

    @Override
    public CompletionStage<StreamsGroupHeartbeatResponseData> handle(
            RequestContext context, StreamsGroupHeartbeatRequestData request) {
        return GroupCalls.answer(
                groups.streamsHeartbeat(GroupCalls.caller(context, this), request)
                        .thenApply(heartbeat -> {
                            streamsTopics.begin(heartbeat.topicsToMake().values());
                            return heartbeat.response();
                        }),
                this,
                context,
                request);
    }

    @Override
    public StreamsGroupHeartbeatResponseData refused(
            RequestContext context, StreamsGroupHeartbeatRequestData request, Errors error) {
        return new StreamsGroupHeartbeatResponseData().setErrorCode(error.code());
    }
}
