package io.wellspring.api.data;

import io.wellspring.api.ErrorCodes;
import io.wellspring.api.RequestContext;
import io.wellspring.model.NodeId;
import io.wellspring.partition.AppendOutcome;
import io.wellspring.partition.Partition;
import java.util.List;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.ProduceResponseData.BatchIndexAndErrorMessage;
import org.apache.kafka.common.message.ProduceResponseData.LeaderIdAndEpoch;
import org.apache.kafka.common.message.ProduceResponseData.NodeEndpoint;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.message.ProduceResponseData.TopicProduceResponse;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** Puts the endings of appends into the words of the wire. Threads: any. */
final class ProduceAnswers {
    private static final long NONE = -1L;

    /** Clients of older versions do not know KAFKA_STORAGE_ERROR. */
    private static final short FIRST_VERSION_WITH_STORAGE_ERROR = 4;

    private static final short FIRST_VERSION_WITH_LEADER = 10;
    private static final short FIRST_VERSION_WITH_TOPIC_IDS = 13;

    private final NodeId self;

    ProduceAnswers(NodeId self) {
        this.self = self;
    }

    /**
     * How one partition's append ended.
     *
     * @param message null: the error says it all
     */
    record Ending(
            Errors error,
            @Nullable String message,
            long baseOffset,
            long logAppendTimeMs,
            long logStartOffset,
            List<AppendOutcome.RecordError> recordErrors) {
        static Ending refused(Errors error, @Nullable String message) {
            return new Ending(error, message, NONE, NONE, NONE, List.of());
        }

        static Ending of(Partition partition, AppendOutcome outcome) {
            return switch (outcome) {
                case AppendOutcome.Appended(long baseOffset, long logAppendTimeMs, long logStartOffset) ->
                    new Ending(Errors.NONE, null, baseOffset, logAppendTimeMs, logStartOffset, List.of());
                case AppendOutcome.Refused refused ->
                    new Ending(
                            ErrorCodes.of(refused.reason()),
                            refused.message(),
                            NONE,
                            NONE,
                            partition.logStartOffset(),
                            refused.recordErrors());
            };
        }
    }

    Builder builder(RequestContext context) {
        return new Builder(context);
    }

    /** Collects the partitions of one response, topic by topic as they were in the request. */
    final class Builder {
        private final RequestContext context;
        private final ProduceResponseData response = new ProduceResponseData();
        private @Nullable TopicProduceData requested;
        private @Nullable TopicProduceResponse topicResponse;
        private boolean namesThisBroker;

        Builder(RequestContext context) {
            this.context = context;
        }

        /** @param partition null if it is not here */
        void add(TopicProduceData topic, int index, @Nullable Partition partition, Ending ending) {
            TopicProduceResponse partitions = topicResponse;
            if (partitions == null
                    || requested == null
                    || !requested.topicId().equals(topic.topicId())
                    || !requested.name().equals(topic.name())) {
                partitions = new TopicProduceResponse().setTopicId(topic.topicId());
                if (context.apiVersion() < FIRST_VERSION_WITH_TOPIC_IDS) {
                    partitions.setName(topic.name());
                }
                requested = topic;
                topicResponse = partitions;
                response.responses().add(partitions);
            }
            Errors error = ending.error();
            if (error == Errors.KAFKA_STORAGE_ERROR && context.apiVersion() < FIRST_VERSION_WITH_STORAGE_ERROR) {
                error = Errors.NOT_LEADER_OR_FOLLOWER;
            }
            PartitionProduceResponse answer = new PartitionProduceResponse()
                    .setIndex(index)
                    .setErrorCode(error.code())
                    .setErrorMessage(ending.message())
                    .setBaseOffset(ending.baseOffset())
                    .setLogAppendTimeMs(ending.logAppendTimeMs())
                    .setLogStartOffset(ending.logStartOffset());
            if (!ending.recordErrors().isEmpty()) {
                answer.setRecordErrors(recordErrors(ending));
            }
            if (error == Errors.NOT_LEADER_OR_FOLLOWER
                    && partition != null
                    && context.apiVersion() >= FIRST_VERSION_WITH_LEADER) {
                answer.setCurrentLeader(new LeaderIdAndEpoch()
                        .setLeaderId(PartitionLookup.leaderOf(partition, self))
                        .setLeaderEpoch(partition.leaderEpoch()));
                namesThisBroker |= partition.isLeader();
            }
            partitions.partitionResponses().add(answer);
        }

        private static List<BatchIndexAndErrorMessage> recordErrors(Ending ending) {
            return ending.recordErrors().stream()
                    .map(each -> new BatchIndexAndErrorMessage()
                            .setBatchIndex(each.index())
                            .setBatchIndexErrorMessage(each.message()))
                    .toList();
        }

        ProduceResponseData build() {
            if (namesThisBroker) {
                response.nodeEndpoints()
                        .add(new NodeEndpoint()
                                .setNodeId(self.value())
                                .setHost(context.connection().endpoint().host())
                                .setPort(context.connection().endpoint().port()));
            }
            return response;
        }
    }
}
