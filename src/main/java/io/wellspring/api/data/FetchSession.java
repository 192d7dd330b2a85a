package io.wellspring.api.data;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.FetchMetadata;
import org.jspecify.annotations.Nullable;

/**
 * The partitions that one client fetches again and again, remembered between its requests (KIP-227): the client sends only what it
 * changes, and is sent only what changed. Partitions stand in the order in which they are served; one that gave records moves to the
 * end, so that a small {@code max.bytes} starves none. Threads: any, guarded by itself; {@link FetchSessions} is never
 * locked while a session is.
 */
final class FetchSession {
    private static final long UNKNOWN_OFFSET = -1L;

    private final int id;
    private final boolean usesTopicIds;
    private final Map<FetchKey, Remembered> partitions = new LinkedHashMap<>();
    private int epoch = FetchMetadata.nextEpoch(FetchMetadata.INITIAL_EPOCH);

    FetchSession(int id, boolean usesTopicIds, Collection<FetchWish> wishes) {
        this.id = id;
        this.usesTopicIds = usesTopicIds;
        wishes.forEach(wish -> partitions.put(wish.key(), new Remembered(wish)));
    }

    int id() {
        return id;
    }

    /**
     * Takes the changes of an incremental request.
     *
     * @return why not, null if taken
     */
    synchronized @Nullable Errors update(
            int requestEpoch, boolean byTopicId, Collection<FetchWish> changed, Collection<FetchKey> forgotten) {
        if (requestEpoch != epoch) {
            return Errors.INVALID_FETCH_SESSION_EPOCH;
        }
        if (byTopicId != usesTopicIds) {
            return Errors.FETCH_SESSION_TOPIC_ID_ERROR;
        }
        for (FetchWish wish : changed) {
            Remembered remembered = partitions.get(wish.key());
            if (remembered == null) {
                partitions.put(wish.key(), new Remembered(wish));
            } else {
                remembered.wish = wish;
            }
        }
        forgotten.forEach(partitions::remove);
        epoch = FetchMetadata.nextEpoch(epoch);
        return null;
    }

    synchronized int size() {
        return partitions.size();
    }

    /** What is fetched now, in the order in which to serve it. */
    synchronized List<FetchWish> wishes() {
        List<FetchWish> wishes = new ArrayList<>(partitions.size());
        partitions.values().forEach(remembered -> wishes.add(remembered.wish));
        return wishes;
    }

    /** Remembers what a full answer said, so that the next one can leave out what is the same. */
    synchronized void remember(Map<FetchKey, PartitionData> answers) {
        answers.forEach((key, answer) -> {
            Remembered remembered = partitions.get(key);
            if (remembered != null) {
                remembered.isNews(answer);
            }
        });
    }

    /**
     * Takes out of the answers what the client knows already.
     *
     * @param requestEpoch the epoch of the request that is answered
     * @return an error if another request was faster on this session: then nothing is to be answered
     */
    synchronized Errors reduce(int requestEpoch, Map<FetchKey, PartitionData> answers) {
        if (epoch != FetchMetadata.nextEpoch(requestEpoch)) {
            return Errors.INVALID_FETCH_SESSION_EPOCH;
        }
        for (Iterator<Map.Entry<FetchKey, PartitionData>> each =
                        answers.entrySet().iterator();
                each.hasNext(); ) {
            Map.Entry<FetchKey, PartitionData> answer = each.next();
            Remembered remembered = partitions.get(answer.getKey());
            if (remembered == null) {
                continue; // cannot be while the epoch is the request's; an answer too many does no harm, one too few
                // does
            }
            if (!remembered.isNews(answer.getValue())) {
                each.remove();
            } else if (hasRecords(answer.getValue())) {
                partitions.remove(answer.getKey());
                partitions.put(answer.getKey(), remembered);
            }
        }
        return Errors.NONE;
    }

    private static boolean hasRecords(PartitionData answer) {
        return answer.records() != null && answer.records().sizeInBytes() > 0;
    }

    /** A partition of the session, with what the client was told of it last. */
    private static final class Remembered {
        private FetchWish wish;
        private long highWatermark = UNKNOWN_OFFSET;
        private long logStartOffset = UNKNOWN_OFFSET;

        Remembered(FetchWish wish) {
            this.wish = wish;
        }

        /** True if the client must be told this; takes it as told. */
        boolean isNews(PartitionData answer) {
            boolean isError = answer.errorCode() != Errors.NONE.code();
            boolean isNews = isError
                    || hasRecords(answer)
                    || answer.highWatermark() != highWatermark
                    || answer.logStartOffset() != logStartOffset
                    || !answer.divergingEpoch().equals(new FetchResponseData.EpochEndOffset());
            // After an error the client is told anew even if nothing else has changed.
            highWatermark = isError ? UNKNOWN_OFFSET : answer.highWatermark();
            logStartOffset = answer.logStartOffset();
            return isNews;
        }
    }
}
