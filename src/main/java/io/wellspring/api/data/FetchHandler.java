package io.wellspring.api.data;

import io.wellspring.api.ApiProperties;
import io.wellspring.api.RequestContext;
import io.wellspring.api.RequestHandler;
import io.wellspring.api.TopicIds;
import io.wellspring.api.VersionRange;
import io.wellspring.model.IsolationLevel;
import io.wellspring.model.TopicId;
import io.wellspring.partition.Partitions;
import io.wellspring.support.Ticker;
import io.wellspring.topic.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchRequestData.ForgottenTopic;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.FetchMetadata;
import org.springframework.stereotype.Component;

/**
 * Fetch: gives records as they lie in the log. The rack is ignored (one broker has every record), and a request that says it comes
 * from a replica is refused as Kafka refuses a broker that is not among a partition's replicas: replication does not fetch here.
 * Threads: {@link #handle} on the connection's event loop.
 */
@Component
final class FetchHandler implements RequestHandler<FetchRequestData, FetchResponseData> {
    private static final short FIRST_VERSION_WITH_TOPIC_IDS = 13;
    private static final short FIRST_VERSION_WITH_REPLICA_STATE = 15;

    private final ApiProperties properties;
    private final FetchRoom room;

    FetchHandler(
            ApiProperties properties,
            Topics topics,
            Partitions partitions,
            FetchSessions sessions,
            FetchAnswers answers,
            Ticker ticker) {
        this.properties = properties;
        this.room = new FetchRoom(
                new PartitionLookup(topics, partitions),
                partitions::diskReads,
                new PageWarmer(),
                sessions,
                answers,
                ticker);
    }

    @Override
    public ApiMessageType api() {
        return ApiMessageType.FETCH;
    }

    @Override
    public Class<FetchRequestData> requestType() {
        return FetchRequestData.class;
    }

    @Override
    public VersionRange versions() {
        return VersionRange.of(4, 18);
    }

    @Override
    public CompletionStage<FetchResponseData> handle(RequestContext context, FetchRequestData request) {
        IsolationLevel isolation = Isolation.of(request.isolationLevel());
        if (isolation == null || partitionCount(request) > properties.maxPartitionsPerRequest()) {
            return CompletableFuture.completedFuture(refused(context, request, Errors.INVALID_REQUEST));
        }
        if (replicaId(context, request) >= 0) {
            return CompletableFuture.completedFuture(eachPartition(context, request, Errors.NOT_LEADER_OR_FOLLOWER));
        }
        FetchContext fetch = FetchContext.of(
                room.sessions(),
                new FetchMetadata(request.sessionId(), request.sessionEpoch()),
                context.apiVersion() >= FIRST_VERSION_WITH_TOPIC_IDS,
                wishes(context, request),
                forgotten(context, request));
        return switch (fetch) {
            case FetchContext.Failed failed ->
                CompletableFuture.completedFuture(room.answers()
                        .response(context, FetchContext.tell(room.sessions(), failed, Map.of()), Map.of()));
            case FetchContext.Full(List<FetchWish> wishes, boolean _, boolean _) ->
                new FetchOperation(room, context, fetch, wishes, terms(request, isolation)).start();
            case FetchContext.Incremental(FetchSession _, int _, List<FetchWish> wishes) ->
                new FetchOperation(room, context, fetch, wishes, terms(request, isolation)).start();
        };
    }

    private FetchOperation.Terms terms(FetchRequestData request, IsolationLevel isolation) {
        int maxBytes = Math.clamp(
                request.maxBytes(),
                0,
                Math.toIntExact(properties.fetchMaxBytes().toBytes()));
        long waitMs =
                Math.clamp(request.maxWaitMs(), 0, properties.fetchMaxWait().toMillis());
        return new FetchOperation.Terms(
                isolation, Math.min(request.minBytes(), maxBytes), maxBytes, Duration.ofMillis(waitMs));
    }

    private static int partitionCount(FetchRequestData request) {
        int count = 0;
        for (FetchTopic topic : request.topics()) {
            count += topic.partitions().size();
        }
        for (ForgottenTopic topic : request.forgottenTopicsData()) {
            count += topic.partitions().size();
        }
        return count;
    }

    private static int replicaId(RequestContext context, FetchRequestData request) {
        return context.apiVersion() >= FIRST_VERSION_WITH_REPLICA_STATE
                ? request.replicaState().replicaId()
                : request.replicaId();
    }

    private static List<FetchWish> wishes(RequestContext context, FetchRequestData request) {
        List<FetchWish> wishes = new ArrayList<>();
        for (FetchTopic topic : request.topics()) {
            TopicId id = TopicIds.idOf(topic.topicId());
            String name = context.apiVersion() >= FIRST_VERSION_WITH_TOPIC_IDS ? "" : topic.topic();
            for (FetchPartition partition : topic.partitions()) {
                wishes.add(new FetchWish(
                        new FetchKey(id, name, partition.partition()),
                        partition.fetchOffset(),
                        partition.currentLeaderEpoch(),
                        partition.lastFetchedEpoch(),
                        partition.partitionMaxBytes()));
            }
        }
        return wishes;
    }

    private static List<FetchKey> forgotten(RequestContext context, FetchRequestData request) {
        List<FetchKey> forgotten = new ArrayList<>();
        for (ForgottenTopic topic : request.forgottenTopicsData()) {
            TopicId id = TopicIds.idOf(topic.topicId());
            String name = context.apiVersion() >= FIRST_VERSION_WITH_TOPIC_IDS ? "" : topic.topic();
            topic.partitions().forEach(partition -> forgotten.add(new FetchKey(id, name, partition)));
        }
        return forgotten;
    }

    private FetchResponseData eachPartition(RequestContext context, FetchRequestData request, Errors error) {
        Map<FetchKey, PartitionData> answers = new LinkedHashMap<>();
        for (FetchWish wish : wishes(context, request)) {
            answers.put(wish.key(), FetchAnswers.refusal(wish.key().partition(), error));
        }
        return room.answers()
                .response(context, new FetchContext.Told(Errors.NONE, FetchMetadata.INVALID_SESSION_ID), answers);
    }

    /** From version 7 on the error stands above all; before, and as Kafka does up to 12, each partition has it too. */
    @Override
    public FetchResponseData refused(RequestContext context, FetchRequestData request, Errors error) {
        FetchResponseData response = context.apiVersion() >= FIRST_VERSION_WITH_TOPIC_IDS
                ? new FetchResponseData()
                : eachPartition(context, request, error);
        return response.setErrorCode(error.code()).setSessionId(request.sessionId());
    }
}
