package io.wellspring.api.data;

import io.wellspring.api.ApiProperties;
import io.wellspring.api.RequestContext;
import io.wellspring.api.RequestHandler;
import io.wellspring.api.VersionRange;
import io.wellspring.log.LeaderEpochs;
import io.wellspring.log.TimestampAndOffset;
import io.wellspring.model.IsolationLevel;
import io.wellspring.model.TopicId;
import io.wellspring.partition.Partition;
import io.wellspring.partition.Partitions;
import io.wellspring.topic.Topics;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsPartition;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsTopic;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsPartitionResponse;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsTopicResponse;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ListOffsetsRequest;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * ListOffsets: the offsets at a time, or at one of Kafka's special timestamps. There is no tiered storage, so the earliest local offset
 * is the earliest (KIP-405), and the tiered ones do not exist and are answered as Kafka answers without remote storage
 * (KIP-1005, KIP-1023); the request's timeout is about tiered storage, too (KIP-1075). Threads: {@link #handle} on the event loop; a
 * request that has to search by time runs on a disk thread as a whole.
 */
@Component
final class ListOffsetsHandler implements RequestHandler<ListOffsetsRequestData, ListOffsetsResponseData> {
    private static final Logger log = LoggerFactory.getLogger(ListOffsetsHandler.class);
    private static final long NONE = -1L;
    private static final int NO_EPOCH = -1;
    private static final short FIRST_VERSION_WITH_EPOCH = 4;
    private static final short FIRST_VERSION_WITH_NOT_AVAILABLE = 5;

    private final ApiProperties properties;
    private final PartitionLookup lookup;
    private final Partitions partitions;

    ListOffsetsHandler(ApiProperties properties, Topics topics, Partitions partitions) {
        this.properties = properties;
        this.lookup = new PartitionLookup(topics, partitions);
        this.partitions = partitions;
    }

    @Override
    public ApiMessageType api() {
        return ApiMessageType.LIST_OFFSETS;
    }

    @Override
    public Class<ListOffsetsRequestData> requestType() {
        return ListOffsetsRequestData.class;
    }

    @Override
    public VersionRange versions() {
        return VersionRange.of(1, 11);
    }

    @Override
    public CompletionStage<ListOffsetsResponseData> handle(RequestContext context, ListOffsetsRequestData request) {
        IsolationLevel isolation = Isolation.of(request.isolationLevel());
        int count = request.topics().stream()
                .mapToInt(topic -> topic.partitions().size())
                .sum();
        if (isolation == null || count > properties.maxPartitionsPerRequest()) {
            return CompletableFuture.completedFuture(refused(context, request, Errors.INVALID_REQUEST));
        }
        if (!searchesByTime(request)) {
            return CompletableFuture.completedFuture(answer(context, request, isolation));
        }
        try {
            return CompletableFuture.supplyAsync(() -> answer(context, request, isolation), partitions.diskReads());
        } catch (RejectedExecutionException e) {
            return CompletableFuture.completedFuture(refused(context, request, notAvailable(context)));
        }
    }

    private static boolean searchesByTime(ListOffsetsRequestData request) {
        return request.topics().stream()
                .flatMap(topic -> topic.partitions().stream())
                .anyMatch(partition ->
                        partition.timestamp() >= 0 || partition.timestamp() == ListOffsetsRequest.MAX_TIMESTAMP);
    }

    /** "Ask again": the words that a client of this version understands. */
    private static Errors notAvailable(RequestContext context) {
        return context.apiVersion() >= FIRST_VERSION_WITH_NOT_AVAILABLE
                ? Errors.OFFSET_NOT_AVAILABLE
                : Errors.LEADER_NOT_AVAILABLE;
    }

    private ListOffsetsResponseData answer(
            RequestContext context, ListOffsetsRequestData request, IsolationLevel isolation) {
        Map<FetchKey, Integer> mentions = new HashMap<>();
        for (ListOffsetsTopic topic : request.topics()) {
            topic.partitions().forEach(partition -> mentions.merge(keyOf(topic, partition), 1, Integer::sum));
        }
        ListOffsetsResponseData response = new ListOffsetsResponseData();
        for (ListOffsetsTopic topic : request.topics()) {
            List<ListOffsetsPartitionResponse> answers = new ArrayList<>();
            for (ListOffsetsPartition partition : topic.partitions()) {
                boolean isDuplicate = mentions.getOrDefault(keyOf(topic, partition), 0) > 1;
                answers.add(
                        isDuplicate
                                ? refusal(partition, Errors.INVALID_REQUEST)
                                : answer(context, topic.name(), partition, isolation));
            }
            response.topics()
                    .add(new ListOffsetsTopicResponse().setName(topic.name()).setPartitions(answers));
        }
        return response;
    }

    private static FetchKey keyOf(ListOffsetsTopic topic, ListOffsetsPartition partition) {
        return new FetchKey(TopicId.ZERO, topic.name(), partition.partitionIndex());
    }

    private ListOffsetsPartitionResponse answer(
            RequestContext context, String topic, ListOffsetsPartition wanted, IsolationLevel isolation) {
        if (!isKnownTimestamp(context.apiVersion(), wanted.timestamp())) {
            return refusal(wanted, Errors.UNSUPPORTED_VERSION);
        }
        return switch (lookup.byName(topic, wanted.partitionIndex())) {
            case PartitionLookup.Missing(Errors error) -> refusal(wanted, error);
            case PartitionLookup.Here(Partition partition) -> {
                Errors error = PartitionLookup.leadership(partition, wanted.currentLeaderEpoch());
                yield error == Errors.NONE ? answer(context, partition, wanted, isolation) : refusal(wanted, error);
            }
        };
    }

    /** Each special timestamp came with a version of its own. */
    private static boolean isKnownTimestamp(short apiVersion, long timestamp) {
        if (timestamp >= 0 || timestamp == ListOffsetsRequest.EARLIEST_TIMESTAMP) {
            return true;
        }
        return timestamp == ListOffsetsRequest.LATEST_TIMESTAMP
                || (timestamp == ListOffsetsRequest.MAX_TIMESTAMP && apiVersion >= 7)
                || (timestamp == ListOffsetsRequest.EARLIEST_LOCAL_TIMESTAMP && apiVersion >= 8)
                || (timestamp == ListOffsetsRequest.LATEST_TIERED_TIMESTAMP && apiVersion >= 9)
                || (timestamp == ListOffsetsRequest.EARLIEST_PENDING_UPLOAD_TIMESTAMP && apiVersion >= 11);
    }

    private static ListOffsetsPartitionResponse answer(
            RequestContext context, Partition partition, ListOffsetsPartition wanted, IsolationLevel isolation) {
        long timestamp = wanted.timestamp();
        try {
            if (timestamp == ListOffsetsRequest.LATEST_TIMESTAMP) {
                if (hasOpenEpoch(partition)) {
                    return refusal(wanted, notAvailable(context));
                }
                long endOffset = isolation == IsolationLevel.READ_COMMITTED
                        ? partition.lastStableOffset()
                        : partition.highWatermark();
                return found(context, wanted, new TimestampAndOffset(NONE, endOffset, partition.leaderEpoch()));
            }
            if (timestamp == ListOffsetsRequest.EARLIEST_TIMESTAMP
                    || timestamp == ListOffsetsRequest.EARLIEST_LOCAL_TIMESTAMP) {
                long startOffset = partition.logStartOffset();
                int epoch = partition.leaderEpochs().epochOf(startOffset);
                return found(context, wanted, new TimestampAndOffset(NONE, startOffset, epoch));
            }
            if (timestamp < 0 && timestamp != ListOffsetsRequest.MAX_TIMESTAMP) {
                return found(context, wanted, null); // the tiered ones
            }
            TimestampAndOffset byTime = timestamp == ListOffsetsRequest.MAX_TIMESTAMP
                    ? partition.largestTimestamp(isolation)
                    : partition.firstAtOrAfter(timestamp, isolation);
            return byTime == null && hasOpenEpoch(partition)
                    ? refusal(wanted, notAvailable(context))
                    : found(context, wanted, byTime);
        } catch (IOException e) {
            log.warn("A search by time failed. partition={} timestamp={}", partition.id(), timestamp, e);
            return refusal(wanted, Errors.KAFKA_STORAGE_ERROR);
        }
    }

    /**
     * True while the high watermark has not reached the newest leader's first offset: what lies before may still be taken
     * back, so an end that is told now could move backwards (KIP-207).
     */
    private static boolean hasOpenEpoch(Partition partition) {
        List<LeaderEpochs.Entry> entries = partition.leaderEpochs().entries();
        return !entries.isEmpty() && entries.getLast().startOffset() > partition.highWatermark();
    }

    private static ListOffsetsPartitionResponse found(
            RequestContext context, ListOffsetsPartition wanted, @Nullable TimestampAndOffset found) {
        ListOffsetsPartitionResponse answer = refusal(wanted, Errors.NONE);
        if (found == null) {
            return answer;
        }
        if (context.apiVersion() >= FIRST_VERSION_WITH_EPOCH) {
            answer.setLeaderEpoch(found.leaderEpoch());
        }
        return answer.setTimestamp(found.timestampMs()).setOffset(found.offset());
    }

    private static ListOffsetsPartitionResponse refusal(ListOffsetsPartition wanted, Errors error) {
        return new ListOffsetsPartitionResponse()
                .setPartitionIndex(wanted.partitionIndex())
                .setErrorCode(error.code())
                .setTimestamp(NONE)
                .setOffset(NONE)
                .setLeaderEpoch(NO_EPOCH);
    }

    @Override
    public ListOffsetsResponseData refused(RequestContext context, ListOffsetsRequestData request, Errors error) {
        ListOffsetsResponseData response = new ListOffsetsResponseData();
        for (ListOffsetsTopic topic : request.topics()) {
            response.topics()
                    .add(new ListOffsetsTopicResponse()
                            .setName(topic.name())
                            .setPartitions(topic.partitions().stream()
                                    .map(partition -> refusal(partition, error))
                                    .toList()));
        }
        return response;
    }
}
