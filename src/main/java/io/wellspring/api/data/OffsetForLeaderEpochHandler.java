package io.wellspring.api.data;

import io.wellspring.api.ApiProperties;
import io.wellspring.api.RequestContext;
import io.wellspring.api.RequestHandler;
import io.wellspring.api.VersionRange;
import io.wellspring.log.LeaderEpochs;
import io.wellspring.partition.Partition;
import io.wellspring.partition.Partitions;
import io.wellspring.topic.Topics;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderPartition;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderTopic;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData.EpochEndOffset;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData.OffsetForLeaderTopicResult;
import org.apache.kafka.common.protocol.Errors;
import org.springframework.stereotype.Component;

/**
 * OffsetForLeaderEpoch: where an epoch ended, so that a consumer finds out whether its log was cut behind its back (KIP-320).
 * Threads: {@link #handle} on the event loop; nothing is read from disk.
 */
@Component
final class OffsetForLeaderEpochHandler
        implements RequestHandler<OffsetForLeaderEpochRequestData, OffsetForLeaderEpochResponseData> {
    private final ApiProperties properties;
    private final PartitionLookup lookup;

    OffsetForLeaderEpochHandler(ApiProperties properties, Topics topics, Partitions partitions) {
        this.properties = properties;
        this.lookup = new PartitionLookup(topics, partitions);
    }

    @Override
    public ApiMessageType api() {
        return ApiMessageType.OFFSET_FOR_LEADER_EPOCH;
    }

    @Override
    public Class<OffsetForLeaderEpochRequestData> requestType() {
        return OffsetForLeaderEpochRequestData.class;
    }

    @Override
    public VersionRange versions() {
        return VersionRange.of(2, 4);
    }

    @Override
    public CompletionStage<OffsetForLeaderEpochResponseData> handle(
            RequestContext context, OffsetForLeaderEpochRequestData request) {
        int count = 0;
        for (OffsetForLeaderTopic topic : request.topics()) {
            count += topic.partitions().size();
        }
        if (count > properties.maxPartitionsPerRequest()) {
            return CompletableFuture.completedFuture(refused(context, request, Errors.INVALID_REQUEST));
        }
        OffsetForLeaderEpochResponseData response = new OffsetForLeaderEpochResponseData();
        for (OffsetForLeaderTopic topic : request.topics()) {
            OffsetForLeaderTopicResult answers = new OffsetForLeaderTopicResult().setTopic(topic.topic());
            topic.partitions().forEach(wanted -> answers.partitions().add(answer(topic.topic(), wanted)));
            response.topics().add(answers);
        }
        return CompletableFuture.completedFuture(response);
    }

    private EpochEndOffset answer(String topic, OffsetForLeaderPartition wanted) {
        return switch (lookup.byName(topic, wanted.partition())) {
            case PartitionLookup.Missing(Errors error) -> refusal(wanted, error);
            case PartitionLookup.Here(Partition partition) -> {
                Errors error = PartitionLookup.leadership(partition, wanted.currentLeaderEpoch());
                if (error != Errors.NONE) {
                    yield refusal(wanted, error);
                }
                LeaderEpochs.EpochEnd end =
                        partition.leaderEpochs().endOf(wanted.leaderEpoch(), partition.logEndOffset());
                yield refusal(wanted, Errors.NONE).setLeaderEpoch(end.epoch()).setEndOffset(end.endOffset());
            }
        };
    }

    private static EpochEndOffset refusal(OffsetForLeaderPartition wanted, Errors error) {
        return new EpochEndOffset().setPartition(wanted.partition()).setErrorCode(error.code());
    }

    @Override
    public OffsetForLeaderEpochResponseData refused(
            RequestContext context, OffsetForLeaderEpochRequestData request, Errors error) {
        OffsetForLeaderEpochResponseData response = new OffsetForLeaderEpochResponseData();
        for (OffsetForLeaderTopic topic : request.topics()) {
            OffsetForLeaderTopicResult answers = new OffsetForLeaderTopicResult().setTopic(topic.topic());
            topic.partitions().forEach(wanted -> answers.partitions().add(refusal(wanted, error)));
            response.topics().add(answers);
        }
        return response;
    }
}
