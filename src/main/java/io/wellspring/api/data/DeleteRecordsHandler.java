package io.wellspring.api.data;

import io.wellspring.api.ApiProperties;
import io.wellspring.api.ErrorCodes;
import io.wellspring.api.RequestContext;
import io.wellspring.api.RequestHandler;
import io.wellspring.api.VersionRange;
import io.wellspring.partition.DeleteRecordsOutcome;
import io.wellspring.partition.Partition;
import io.wellspring.partition.Partitions;
import io.wellspring.partition.ReadRefusal;
import io.wellspring.topic.Topic;
import io.wellspring.topic.Topics;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.message.DeleteRecordsRequestData;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsPartition;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsTopic;
import org.apache.kafka.common.message.DeleteRecordsResponseData;
import org.apache.kafka.common.message.DeleteRecordsResponseData.DeleteRecordsPartitionResult;
import org.apache.kafka.common.message.DeleteRecordsResponseData.DeleteRecordsTopicResult;
import org.apache.kafka.common.protocol.Errors;
import org.springframework.stereotype.Component;

/**
 * DeleteRecords: moves the start of logs up (KIP-107). Not for internal topics, and only where the cleanup policy deletes.
 * Threads: {@link #handle} on the event loop; the starts move on the threads that own the partitions.
 */
@Component
final class DeleteRecordsHandler implements RequestHandler<DeleteRecordsRequestData, DeleteRecordsResponseData> {
    private static final long NO_LOW_WATERMARK = -1L;

    /** "Up to the high watermark". */
    private static final long HIGH_WATERMARK = -1L;

    private final ApiProperties properties;
    private final PartitionLookup lookup;

    DeleteRecordsHandler(ApiProperties properties, Topics topics, Partitions partitions) {
        this.properties = properties;
        this.lookup = new PartitionLookup(topics, partitions);
    }

    @Override
    public ApiMessageType api() {
        return ApiMessageType.DELETE_RECORDS;
    }

    @Override
    public Class<DeleteRecordsRequestData> requestType() {
        return DeleteRecordsRequestData.class;
    }

    @Override
    public VersionRange versions() {
        return VersionRange.of(0, 2);
    }

    @Override
    public CompletionStage<DeleteRecordsResponseData> handle(RequestContext context, DeleteRecordsRequestData request) {
        int count = request.topics().stream()
                .mapToInt(topic -> topic.partitions().size())
                .sum();
        if (count > properties.maxPartitionsPerRequest()) {
            return CompletableFuture.completedFuture(refused(context, request, Errors.INVALID_REQUEST));
        }
        DeleteRecordsResponseData response = new DeleteRecordsResponseData();
        List<CompletableFuture<Void>> deletions = new ArrayList<>();
        for (DeleteRecordsTopic topic : request.topics()) {
            DeleteRecordsTopicResult results = new DeleteRecordsTopicResult().setName(topic.name());
            response.topics().add(results);
            for (DeleteRecordsPartition wanted : topic.partitions()) {
                DeleteRecordsPartitionResult result = refusal(wanted, Errors.NONE);
                results.partitions().add(result);
                deletions.add(delete(topic.name(), wanted, result).toCompletableFuture());
            }
        }
        return CompletableFuture.allOf(deletions.toArray(CompletableFuture[]::new))
                .thenApply(_ -> response);
    }

    private CompletionStage<Void> delete(
            String topic, DeleteRecordsPartition wanted, DeleteRecordsPartitionResult result) {
        return switch (lookup.byName(topic, wanted.partitionIndex())) {
            case PartitionLookup.Missing(Errors error) -> refuse(result, error);
            case PartitionLookup.Here(Partition partition) -> {
                Errors error = whyNot(partition, wanted.offset());
                yield error == Errors.NONE
                        ? partition.deleteRecords(wanted.offset()).thenAccept(outcome -> tell(result, outcome))
                        : refuse(result, error);
            }
        };
    }

    private static Errors whyNot(Partition partition, long offset) {
        if (Topic.isInternal(partition.id().topic())) {
            return Errors.INVALID_TOPIC_EXCEPTION;
        }
        Errors error = PartitionLookup.leadership(partition, PartitionLookup.UNKNOWN_EPOCH);
        if (error != Errors.NONE) {
            return error;
        }
        if (!partition.settings().logSettings().deletes()) {
            return Errors.POLICY_VIOLATION;
        }
        return offset < HIGH_WATERMARK ? Errors.OFFSET_OUT_OF_RANGE : Errors.NONE;
    }

    private static CompletionStage<Void> refuse(DeleteRecordsPartitionResult result, Errors error) {
        result.setErrorCode(error.code());
        return CompletableFuture.completedFuture(null);
    }

    private static void tell(DeleteRecordsPartitionResult result, DeleteRecordsOutcome outcome) {
        switch (outcome) {
            case DeleteRecordsOutcome.Deleted(long logStartOffset) -> result.setLowWatermark(logStartOffset);
            case DeleteRecordsOutcome.Refused(ReadRefusal reason) ->
                result.setErrorCode(ErrorCodes.of(reason).code());
        }
    }

    private static DeleteRecordsPartitionResult refusal(DeleteRecordsPartition wanted, Errors error) {
        return new DeleteRecordsPartitionResult()
                .setPartitionIndex(wanted.partitionIndex())
                .setLowWatermark(NO_LOW_WATERMARK)
                .setErrorCode(error.code());
    }

    @Override
    public DeleteRecordsResponseData refused(RequestContext context, DeleteRecordsRequestData request, Errors error) {
        DeleteRecordsResponseData response = new DeleteRecordsResponseData();
        for (DeleteRecordsTopic topic : request.topics()) {
            DeleteRecordsTopicResult results = new DeleteRecordsTopicResult().setName(topic.name());
            topic.partitions().forEach(wanted -> results.partitions().add(refusal(wanted, error)));
            response.topics().add(results);
        }
        return response;
    }
}
