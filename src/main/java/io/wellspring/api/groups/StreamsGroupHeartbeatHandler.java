package io.wellspring.api.groups;

import io.wellspring.api.RequestContext;
import io.wellspring.api.RequestHandler;
import io.wellspring.api.VersionRange;
import io.wellspring.coordinator.group.Groups;
import io.wellspring.topic.Topic;
import io.wellspring.topic.TopicNames;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData.Subtopology;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData.Topology;
import org.apache.kafka.common.message.StreamsGroupHeartbeatResponseData;
import org.apache.kafka.common.message.StreamsGroupHeartbeatResponseData.Status;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.StreamsGroupHeartbeatResponse;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * StreamsGroupHeartbeat (KIP-1071): joins, keeps and leaves a group of Kafka Streams; the broker assigns the tasks and makes the internal
 * topics that the topology needs. Their making is begun here and not waited for: until they are there the members are told so by
 * their heartbeats, and if they cannot be made, why. Threads: any.
 */
@Component
final class StreamsGroupHeartbeatHandler
        implements RequestHandler<StreamsGroupHeartbeatRequestData, StreamsGroupHeartbeatResponseData> {
    /** As in Kafka; the rest is counted. */
    private static final int REFUSALS_SHOWN = 3;

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
        String problem = problemWith(request.topology());
        if (problem != null) {
            return CompletableFuture.completedFuture(
                    refused(context, request, Errors.STREAMS_INVALID_TOPOLOGY).setErrorMessage(problem));
        }
        return GroupCalls.answer(
                groups.streamsHeartbeat(GroupCalls.caller(context, this), request)
                        .thenApply(heartbeat -> {
                            make(heartbeat.topicsToMake().values(), heartbeat.response());
                            return heartbeat.response();
                        }),
                this,
                context,
                request);
    }

    /** As in Kafka: a topology names no topic of the broker itself, and none that could not be. */
    private static @Nullable String problemWith(@Nullable Topology topology) {
        if (topology == null) {
            return null;
        }
        Set<String> names = new TreeSet<>();
        for (Subtopology part : topology.subtopologies()) {
            names.addAll(part.sourceTopics());
            names.addAll(part.repartitionSinkTopics());
            part.repartitionSourceTopics().forEach(topic -> names.add(topic.name()));
            part.stateChangelogTopics().forEach(topic -> names.add(topic.name()));
        }
        List<String> internal = names.stream().filter(Topic::isInternal).toList();
        if (!internal.isEmpty()) {
            return "Use of Kafka internal topics " + String.join(",", internal)
                    + " in a Kafka Streams topology is prohibited.";
        }
        List<String> invalid = names.stream()
                .filter(name -> TopicNames.problemWith(name) != null)
                .toList();
        return invalid.isEmpty() ? null : "Topic names " + String.join(",", invalid) + " are not valid topic names.";
    }

    private void make(Collection<CreatableTopic> wanted, StreamsGroupHeartbeatResponseData response) {
        // As long as in Kafka: the next heartbeat of a member tells why a topic could not be made, the one after that
        // tries again.
        streamsTopics.begin(wanted, Duration.ofMillis(2L * response.heartbeatIntervalMs()));
        tellRefusals(response, streamsTopics.refusals(wanted));
    }

    /** The members' applications show this text. */
    static void tellRefusals(StreamsGroupHeartbeatResponseData response, Map<String, String> refusals) {
        List<Status> statuses = response.status();
        if (refusals.isEmpty() || statuses == null) {
            return;
        }
        String shown = refusals.entrySet().stream()
                .limit(REFUSALS_SHOWN)
                .map(entry -> entry.getKey() + " (" + entry.getValue() + ")")
                .collect(Collectors.joining(", "));
        for (Status status : statuses) {
            if (status.statusCode() == StreamsGroupHeartbeatResponse.Status.MISSING_INTERNAL_TOPICS.code()) {
                String more =
                        refusals.size() > REFUSALS_SHOWN ? " and " + (refusals.size() - REFUSALS_SHOWN) + " more" : "";
                status.setStatusDetail(status.statusDetail() + "; Creation failed: " + shown + more + ".");
            }
        }
    }

    @Override
    public StreamsGroupHeartbeatResponseData refused(
            RequestContext context, StreamsGroupHeartbeatRequestData request, Errors error) {
        return new StreamsGroupHeartbeatResponseData().setErrorCode(error.code());
    }
}
