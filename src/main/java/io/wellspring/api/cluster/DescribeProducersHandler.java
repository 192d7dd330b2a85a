package io.wellspring.api.cluster;

import io.wellspring.api.ApiProperties;
import io.wellspring.api.RequestContext;
import io.wellspring.api.RequestHandler;
import io.wellspring.api.VersionRange;
import io.wellspring.model.TopicPartition;
import io.wellspring.partition.ProducerStatus;
import io.wellspring.topic.TopicNames;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.message.DescribeProducersRequestData;
import org.apache.kafka.common.message.DescribeProducersRequestData.TopicRequest;
import org.apache.kafka.common.message.DescribeProducersResponseData;
import org.apache.kafka.common.message.DescribeProducersResponseData.PartitionResponse;
import org.apache.kafka.common.message.DescribeProducersResponseData.ProducerState;
import org.apache.kafka.common.message.DescribeProducersResponseData.TopicResponse;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** DescribeProducers (KIP-664): the producers that a partition remembers. Threads: any. */
@Component
public final class DescribeProducersHandler
        implements RequestHandler<DescribeProducersRequestData, DescribeProducersResponseData> {
    /** Partitions asked at the same time: their shards have other things to do. */
    private static final int AT_A_TIME = 32;

    /** A small request must not make an answer of gigabytes; {@value #AT_A_TIME} partitions more may be in it. */
    static final int PRODUCERS_MOST = 200_000;

    private final ActiveProducers producers;
    private final int mostPartitions;

    DescribeProducersHandler(ActiveProducers producers, ApiProperties properties) {
        this.producers = producers;
        this.mostPartitions = properties.maxPartitionsPerRequest();
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
        int partitions = request.topics().stream()
                .mapToInt(topic -> topic.partitionIndexes().size())
                .sum();
        if (partitions > mostPartitions) {
            return CompletableFuture.completedFuture(refused(context, request, Errors.INVALID_REQUEST));
        }
        DescribeProducersResponseData response = new DescribeProducersResponseData();
        List<Question> questions = new ArrayList<>();
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
                    questions.add(new Question(new TopicPartition(topic.name(), index), partition));
                }
            }
            response.topics().add(answer);
        }
        return new Inquiry().ask(questions).thenApply(done -> response);
    }

    /** A partition to ask and where its answer goes. */
    private record Question(TopicPartition partition, PartitionResponse answer) {}

    /** Asks the partitions of one request in turns, until the answer is full. */
    private final class Inquiry {
        private final AtomicInteger described = new AtomicInteger();

        CompletionStage<?> ask(List<Question> questions) {
            CompletionStage<@Nullable Void> asked = CompletableFuture.completedFuture(null);
            for (int from = 0; from < questions.size(); from += AT_A_TIME) {
                List<Question> turn = questions.subList(from, Math.min(questions.size(), from + AT_A_TIME));
                asked = asked.thenCompose(before ->
                        CompletableFuture.allOf(turn.stream().map(this::fill).toArray(CompletableFuture<?>[]::new)));
            }
            return asked;
        }

        private CompletableFuture<?> fill(Question question) {
            PartitionResponse partition = question.answer();
            if (described.get() >= PRODUCERS_MOST) {
                partition
                        .setErrorCode(Errors.POLICY_VIOLATION.code())
                        .setErrorMessage(
                                "The answer has " + PRODUCERS_MOST + " producers already: ask in several requests.");
                return CompletableFuture.completedFuture(partition);
            }
            return switch (producers.of(question.partition())) {
                case ActiveProducers.Answer.Refused(Errors error) -> {
                    partition.setErrorCode(error.code()).setErrorMessage(error.message());
                    yield CompletableFuture.completedFuture(partition);
                }
                case ActiveProducers.Answer.Known(CompletionStage<List<ProducerStatus>> known) ->
                    known.handle((active, failure) -> fill(partition, active, failure))
                            .toCompletableFuture();
            };
        }

        private PartitionResponse fill(
                PartitionResponse partition, @Nullable List<ProducerStatus> active, @Nullable Throwable failure) {
            if (active != null) {
                described.addAndGet(active.size());
                active.forEach(producer -> partition.activeProducers().add(describe(producer)));
                return partition;
            }
            if (failure instanceof RejectedExecutionException) {
                // Too much waits for the shard: the client may ask again.
                return partition.setErrorCode(Errors.REQUEST_TIMED_OUT.code());
            }
            throw new CompletionException(failure);
        }
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
