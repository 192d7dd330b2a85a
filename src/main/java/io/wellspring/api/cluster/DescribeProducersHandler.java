package io.wellspring.api.cluster;

import io.wellspring.api.RequestContext;
import io.wellspring.api.RequestHandler;
import io.wellspring.api.VersionRange;
import io.wellspring.model.TopicPartition;
import io.wellspring.partition.ProducerStatus;
import io.wellspring.topic.TopicNames;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.message.DescribeProducersRequestData;
import org.apache.kafka.common.message.DescribeProducersRequestData.TopicRequest;
import org.apache.kafka.common.message.DescribeProducersResponseData;
import org.apache.kafka.common.message.DescribeProducersResponseData.PartitionResponse;
import org.apache.kafka.common.message.DescribeProducersResponseData.ProducerState;
import org.apache.kafka.common.message.DescribeProducersResponseData.TopicResponse;
import org.apache.kafka.common.protocol.Errors;
import org.springframework.stereotype.Component;

/** DescribeProducers (KIP-664): the producers that a partition remembers. Threads: any. */
@Component
public final class DescribeProducersHandler
        implements RequestHandler<DescribeProducersRequestData, DescribeProducersResponseData> {
    private final ActiveProducers producers;

    DescribeProducersHandler(ActiveProducers producers) {
        this.producers = producers;
    }

    @Override
    public ApiMessageType api() {
        return ApiMessageType.DESCRIBE_PRODUCERS;
    }

    @Override
    public Class<DescribeProducersRequestData> requestType() {
        return DescribeProducersRequestData.class;
    }

    @Override
    public VersionRange versions() {
        return VersionRange.of(0, 0);
    }

    @Override
    public CompletionStage<DescribeProducersResponseData> handle(
            RequestContext context, DescribeProducersRequestData request) {
        DescribeProducersResponseData response = new DescribeProducersResponseData();
        List<CompletableFuture<?>> waiting = new ArrayList<>();
        for (TopicRequest topic : request.topics()) {
            TopicResponse answer = new TopicResponse().setName(topic.name());
            String nameProblem = TopicNames.problemWith(topic.name());
            for (int index : topic.partitionIndexes()) {
                PartitionResponse partition = new PartitionResponse().setPartitionIndex(index);
                answer.partitions().add(partition);
                if (nameProblem != null) {
                    partition
                            .setErrorCode(Errors.INVALID_TOPIC_EXCEPTION.code())
                            .setErrorMessage(nameProblem);
                } else if (index < 0) {
                    partition.setErrorCode(Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
                } else {
                    waiting.add(fill(partition, new TopicPartition(topic.name(), index)));
                }
            }
            response.topics().add(answer);
        }
        return CompletableFuture.allOf(waiting.toArray(new CompletableFuture<?>[0]))
                .thenApply(done -> response);
    }

    private CompletableFuture<?> fill(PartitionResponse partition, TopicPartition id) {
        return switch (producers.of(id)) {
            case ActiveProducers.Answer.Refused(Errors error) -> {
                partition.setErrorCode(error.code()).setErrorMessage(error.message());
                yield CompletableFuture.completedFuture(partition);
            }
            case ActiveProducers.Answer.Known(CompletionStage<List<ProducerStatus>> known) ->
                known.thenApply(active -> {
                            for (ProducerStatus producer : active) {
                                partition.activeProducers().add(describe(producer));
                            }
                            return partition;
                        })
                        .toCompletableFuture();
        };
    }

    private static ProducerState describe(ProducerStatus producer) {
        return new ProducerState()
                .setProducerId(producer.producerId())
                .setProducerEpoch(producer.producerEpoch())
                .setLastSequence(producer.lastSequence())
                .setLastTimestamp(producer.lastTimestampMs())
                .setCoordinatorEpoch(producer.coordinatorEpoch())
                .setCurrentTxnStartOffset(producer.currentTransactionStartOffset());
    }

    @Override
    public DescribeProducersResponseData refused(
            RequestContext context, DescribeProducersRequestData request, Errors error) {
        DescribeProducersResponseData response = new DescribeProducersResponseData();
        for (TopicRequest topic : request.topics()) {
            TopicResponse answer = new TopicResponse().setName(topic.name());
            for (int index : topic.partitionIndexes()) {
                answer.partitions()
                        .add(new PartitionResponse()
                                .setPartitionIndex(index)
                                .setErrorCode(error.code())
                                .setErrorMessage(error.message()));
            }
            response.topics().add(answer);
        }
        return response;
    }
}
