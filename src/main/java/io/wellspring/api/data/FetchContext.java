package io.wellspring.api.data;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.FetchMetadata;
import org.jspecify.annotations.Nullable;

/**
 * What one fetch request asks for once its session is known, and what of the answer is told to the client.
 */
sealed interface FetchContext {
    /** The session is not what the client believes; nothing is read. */
    record Failed(Errors error) implements FetchContext {}

    /**
     * A request that names everything it wants.
     *
     * @param opensSession the client would like a session
     */
    record Full(List<FetchWish> wishes, boolean byTopicId, boolean opensSession) implements FetchContext {}

    /** A request on a session; the wishes are those of the session. */
    record Incremental(FetchSession session, int requestEpoch, List<FetchWish> wishes) implements FetchContext {}

    /**
     * Finds out what a request asks for (KIP-227): epoch 0 and -1 are full requests that end the session they name; any other
     * epoch belongs to a session.
     */
    static FetchContext of(
            FetchSessions sessions,
            FetchMetadata metadata,
            boolean byTopicId,
            Collection<FetchWish> wishes,
            Collection<FetchKey> forgotten) {
        if (metadata.isFull()) {
            if (metadata.sessionId() != FetchMetadata.INVALID_SESSION_ID) {
                sessions.remove(metadata.sessionId());
            }
            return new Full(unique(wishes), byTopicId, metadata.epoch() != FetchMetadata.FINAL_EPOCH);
        }
        FetchSession session = sessions.find(metadata.sessionId());
        if (session == null) {
            return new Failed(Errors.FETCH_SESSION_ID_NOT_FOUND);
        }
        Errors error = session.update(metadata.epoch(), byTopicId, wishes, forgotten);
        if (error != null) {
            return new Failed(error);
        }
        List<FetchWish> all = session.wishes();
        if (all.isEmpty()) {
            sessions.remove(session.id());
            return new Full(List.of(), byTopicId, false);
        }
        sessions.touch(session, all.size());
        return new Incremental(session, metadata.epoch(), all);
    }

    /** A partition named twice is asked for once, as it was named last. */
    private static List<FetchWish> unique(Collection<FetchWish> wishes) {
        Map<FetchKey, FetchWish> byKey = LinkedHashMap.newLinkedHashMap(wishes.size());
        wishes.forEach(wish -> byKey.put(wish.key(), wish));
        return List.copyOf(byKey.values());
    }

    /**
     * Ends the request.
     *
     * @param answers what was read, in order; what need not be told is taken out
     * @return the session's id for the client, and the error if another request was faster on this session
     */
    static Told tell(FetchSessions sessions, FetchContext context, Map<FetchKey, PartitionData> answers) {
        return switch (context) {
            case Failed(Errors error) -> new Told(error, FetchMetadata.INVALID_SESSION_ID);
            case Full(List<FetchWish> wishes, boolean byTopicId, boolean opensSession) -> {
                @Nullable FetchSession session = opensSession ? sessions.create(byTopicId, wishes) : null;
                if (session == null) {
                    yield new Told(Errors.NONE, FetchMetadata.INVALID_SESSION_ID);
                }
                session.remember(answers);
                yield new Told(Errors.NONE, session.id());
            }
            case Incremental(FetchSession session, int requestEpoch, List<FetchWish> _) ->
                new Told(session.reduce(requestEpoch, answers), session.id());
        };
    }

    /**
     * @param error of the whole answer
     * @param sessionId 0: no session
     */
    record Told(Errors error, int sessionId) {}
}
