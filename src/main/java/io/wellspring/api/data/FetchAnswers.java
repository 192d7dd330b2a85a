package io.wellspring.api.data;

import io.wellspring.api.ErrorCodes;
import io.wellspring.api.RequestContext;
import io.wellspring.api.TopicIds;
import io.wellspring.batch.FileSlice;
import io.wellspring.log.LeaderEpochs;
import io.wellspring.model.IsolationLevel;
import io.wellspring.model.NodeId;
import io.wellspring.partition.Partition;
import io.wellspring.partition.ReadOutcome;
import io.wellspring.partition.ReadRefusal;
import io.wellspring.protocol.FileSliceRecords;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.FetchableTopicResponse;
import org.apache.kafka.common.message.FetchResponseData.NodeEndpoint;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.jspecify.annotations.Nullable;

/** Puts what a {@link FetchPass} has read into the words of the wire. Threads: any, keeps no state. */
final class FetchAnswers {
    private static final long UNKNOWN_OFFSET = -1L;

    /** Older clients do not know KAFKA_STORAGE_ERROR and would not try again. */
    private static final short FIRST_VERSION_WITH_STORAGE_ERROR = 6;

    private static final short FIRST_VERSION_WITH_TOPIC_IDS = 13;
    private static final short FIRST_VERSION_WITH_NODE_ENDPOINTS = 16;

    private final NodeId self;
    private final FetchMetrics metrics;

    FetchAnswers(NodeId self, FetchMetrics metrics) {
        this.self = self;
        this.metrics = metrics;
    }

    /** Every partition's answer, in order; the slices belong to the answers from here on. */
    Map<FetchKey, PartitionData> of(RequestContext context, IsolationLevel isolation, FetchPass pass) {
        Map<FetchKey, PartitionData> answers =
                LinkedHashMap.newLinkedHashMap(pass.reads().size());
        for (FetchPass.Read read : pass.reads()) {
            answers.put(read.wish().key(), answer(context, isolation, read));
            FileSlice slice = read.slice();
            Partition partition = read.partition();
            if (slice != null && partition != null) {
                metrics.fetched(partition.id().topic(), slice.sizeBytes());
            }
        }
        return answers;
    }

    private PartitionData answer(RequestContext context, IsolationLevel isolation, FetchPass.Read read) {
        ReadOutcome outcome = read.outcome();
        Partition partition = read.partition();
        int index = read.wish().key().partition();
        if (partition == null) {
            boolean knowsTopicIds = context.apiVersion() >= FIRST_VERSION_WITH_TOPIC_IDS;
            return refusal(
                    index,
                    read.error() == Errors.UNKNOWN_TOPIC_ID && !knowsTopicIds
                            ? Errors.UNKNOWN_TOPIC_OR_PARTITION // a name of no characters
                            : read.error());
        }
        if (read.error() != Errors.NONE) {
            return refusal(index, read.error());
        }
        return switch (outcome) {
            case null -> nothingYet(index, isolation, partition);
            case ReadOutcome.Records records -> records(index, isolation, records);
            case ReadOutcome.Refused(ReadRefusal reason, long _, long _, long _) -> {
                Errors error = ErrorCodes.of(reason);
                if (error == Errors.KAFKA_STORAGE_ERROR && context.apiVersion() < FIRST_VERSION_WITH_STORAGE_ERROR) {
                    error = Errors.NOT_LEADER_OR_FOLLOWER;
                }
                // As from Kafka, there is no list where nothing was read, not an empty one.
                PartitionData answer = refusal(index, error).setAbortedTransactions(null);
                if (isAboutLeadership(error) && context.apiVersion() >= FIRST_VERSION_WITH_NODE_ENDPOINTS) {
                    answer.currentLeader()
                            .setLeaderId(PartitionLookup.leaderOf(partition, self))
                            .setLeaderEpoch(partition.leaderEpoch());
                }
                yield answer;
            }
        };
    }

    private static boolean isAboutLeadership(Errors error) {
        return error == Errors.NOT_LEADER_OR_FOLLOWER || error == Errors.FENCED_LEADER_EPOCH;
    }

    private static PartitionData records(int index, IsolationLevel isolation, ReadOutcome.Records records) {
        FileSlice slice = records.records();
        LeaderEpochs.EpochEnd diverging = records.diverging();
        PartitionData answer = new PartitionData()
                .setPartitionIndex(index)
                .setHighWatermark(records.highWatermark())
                .setLastStableOffset(records.lastStableOffset())
                .setLogStartOffset(records.logStartOffset())
                .setAbortedTransactions(abortedTransactions(isolation))
                .setRecords(slice == null ? MemoryRecords.EMPTY : new FileSliceRecords(slice));
        if (diverging != null) {
            answer.divergingEpoch().setEpoch(diverging.epoch()).setEndOffset(diverging.endOffset());
        }
        return answer;
    }

    private static PartitionData nothingYet(int index, IsolationLevel isolation, Partition partition) {
        return new PartitionData()
                .setPartitionIndex(index)
                .setHighWatermark(partition.highWatermark())
                .setLastStableOffset(partition.lastStableOffset())
                .setLogStartOffset(partition.logStartOffset())
                .setAbortedTransactions(abortedTransactions(isolation))
                .setRecords(MemoryRecords.EMPTY);
    }

    /** Readers of committed records get a list, the others get none. It is empty: there are no transactions to abort yet. */
    private static @Nullable List<FetchResponseData.AbortedTransaction> abortedTransactions(IsolationLevel isolation) {
        return isolation == IsolationLevel.READ_COMMITTED ? List.of() : null;
    }

    static PartitionData refusal(int index, Errors error) {
        return new PartitionData()
                .setPartitionIndex(index)
                .setErrorCode(error.code())
                .setHighWatermark(UNKNOWN_OFFSET)
                .setRecords(MemoryRecords.EMPTY);
    }

    /** The response to these answers; partitions that follow each other in one topic share its entry. */
    FetchResponseData response(RequestContext context, FetchContext.Told told, Map<FetchKey, PartitionData> answers) {
        FetchResponseData response =
                new FetchResponseData().setErrorCode(told.error().code()).setSessionId(told.sessionId());
        boolean byTopicId = context.apiVersion() >= FIRST_VERSION_WITH_TOPIC_IDS;
        @Nullable FetchKey previous = null;
        List<PartitionData> partitions = new ArrayList<>();
        for (Map.Entry<FetchKey, PartitionData> answer : answers.entrySet()) {
            FetchKey key = answer.getKey();
            if (previous == null
                    || !previous.topicId().equals(key.topicId())
                    || !previous.topic().equals(key.topic())) {
                partitions = new ArrayList<>();
                response.responses()
                        .add(new FetchableTopicResponse()
                                .setTopic(byTopicId ? "" : key.topic())
                                .setTopicId(TopicIds.uuidOf(key.topicId()))
                                .setPartitions(partitions));
            }
            partitions.add(answer.getValue());
            previous = key;
        }
        if (context.apiVersion() >= FIRST_VERSION_WITH_NODE_ENDPOINTS && namesThisBroker(answers)) {
            response.nodeEndpoints()
                    .add(new NodeEndpoint()
                            .setNodeId(self.value())
                            .setHost(context.connection().endpoint().host())
                            .setPort(context.connection().endpoint().port()));
        }
        return response;
    }

    private boolean namesThisBroker(Map<FetchKey, PartitionData> answers) {
        return answers.values().stream()
                .anyMatch(answer -> answer.currentLeader().leaderId() == self.value());
    }
}
