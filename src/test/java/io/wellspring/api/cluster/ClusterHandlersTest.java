package io.wellspring.api.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.wellspring.api.ApiProperties;
import io.wellspring.api.ConnectionContext;
import io.wellspring.api.RequestContext;
import io.wellspring.api.cluster.LogDirectories.LogDirectory;
import io.wellspring.api.cluster.LogDirectories.LogSize;
import io.wellspring.model.BrokerIdentity;
import io.wellspring.model.Endpoint;
import io.wellspring.model.NodeId;
import io.wellspring.model.SecurityProtocol;
import io.wellspring.model.TopicPartition;
import io.wellspring.partition.ProducerStatus;
import io.wellspring.testing.TestLoop;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.DescribeClusterRequestData;
import org.apache.kafka.common.message.DescribeClusterResponseData;
import org.apache.kafka.common.message.DescribeLogDirsRequestData;
import org.apache.kafka.common.message.DescribeLogDirsRequestData.DescribableLogDirTopic;
import org.apache.kafka.common.message.DescribeLogDirsRequestData.DescribableLogDirTopicCollection;
import org.apache.kafka.common.message.DescribeLogDirsResponseData;
import org.apache.kafka.common.message.DescribeProducersRequestData;
import org.apache.kafka.common.message.DescribeProducersRequestData.TopicRequest;
import org.apache.kafka.common.message.DescribeProducersResponseData.PartitionResponse;
import org.apache.kafka.common.message.GetTelemetrySubscriptionsRequestData;
import org.apache.kafka.common.message.GetTelemetrySubscriptionsResponseData;
import org.apache.kafka.common.message.ListPartitionReassignmentsRequestData;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;

final class ClusterHandlersTest {
    private static final RequestContext CONTEXT = new RequestContext(
            new ConnectionContext(
                    1,
                    new Endpoint("EXTERNAL", SecurityProtocol.PLAINTEXT, "broker.example", 9094),
                    InetAddress.getLoopbackAddress(),
                    TestLoop.direct()),
            (short) 0,
            7,
            "client");

    private static final int PARTITIONS_PER_REQUEST = 100;
    private static final ApiProperties API = new ApiProperties(
            PARTITIONS_PER_REQUEST, DataSize.ofMegabytes(55), Duration.ofMinutes(5), 10, 10, Duration.ofMinutes(2));

    @Test
    void describesThisBrokerAsTheCluster() {
        DescribeClusterResponseData response = describeCluster(1);

        assertThat(response.errorCode()).isZero();
        assertThat(response.clusterId()).isEqualTo("cluster-A");
        assertThat(response.controllerId()).isEqualTo(1);
        assertThat(response.brokers().find(1).host()).isEqualTo("broker.example");
        assertThat(response.clusterAuthorizedOperations()).isEqualTo(Integer.MIN_VALUE);
    }

    @Test
    void refusesToDescribeControllersAndWhatNobodyKnows() {
        assertThat(describeCluster(2).errorCode()).isEqualTo(Errors.MISMATCHED_ENDPOINT_TYPE.code());
        assertThat(describeCluster(3).errorCode()).isEqualTo(Errors.UNSUPPORTED_ENDPOINT_TYPE.code());
    }

    private static DescribeClusterResponseData describeCluster(int endpointType) {
        return new DescribeClusterHandler(() -> new BrokerIdentity("cluster-A", new NodeId(1)))
                .handle(CONTEXT, new DescribeClusterRequestData().setEndpointType((byte) endpointType))
                .toCompletableFuture()
                .join();
    }

    @Test
    void describesDirectoriesWithTheLogsThatAreAskedFor() {
        DescribeLogDirsHandler handler = new DescribeLogDirsHandler(() -> CompletableFuture.completedFuture(List.of(
                new LogDirectory(
                        "/data/a",
                        true,
                        1000,
                        400,
                        List.of(
                                new LogSize(new TopicPartition("orders", 0), 11, 0),
                                new LogSize(new TopicPartition("orders", 1), 12, -1),
                                new LogSize(new TopicPartition("other", 0), 13, 0))),
                new LogDirectory("/data/b", false, 0, 0, List.of()))));

        DescribeLogDirsResponseData all = handler.handle(CONTEXT, new DescribeLogDirsRequestData().setTopics(null))
                .toCompletableFuture()
                .join();
        DescribeLogDirsResponseData some = handler.handle(CONTEXT, asking("orders", 1, -1, 99))
                .toCompletableFuture()
                .join();

        assertThat(all.results()).hasSize(2);
        assertThat(all.results().getFirst().topics()).hasSize(2);
        assertThat(all.results().getFirst().totalBytes()).isEqualTo(1000);
        assertThat(all.results().getFirst().usableBytes()).isEqualTo(400);
        assertThat(all.results().getLast().errorCode()).isEqualTo(Errors.KAFKA_STORAGE_ERROR.code());
        assertThat(all.results().getLast().totalBytes()).isEqualTo(-1);
        assertThat(some.results().getFirst().topics()).hasSize(1);
        var partitions = some.results().getFirst().topics().getFirst().partitions();
        assertThat(partitions).hasSize(1);
        assertThat(partitions.getFirst().partitionSize()).isEqualTo(12);
        assertThat(partitions.getFirst().offsetLag()).isEqualTo(-1);
    }

    @Test
    void asksAgainLaterWhenTheDiskThreadsAreBusy() {
        DescribeLogDirsHandler handler = new DescribeLogDirsHandler(() -> {
            throw new RejectedExecutionException("full");
        });

        DescribeLogDirsResponseData response = handler.handle(CONTEXT, asking("orders", 0))
                .toCompletableFuture()
                .join();

        assertThat(response.errorCode()).isEqualTo(Errors.REQUEST_TIMED_OUT.code());
    }

    private static DescribeLogDirsRequestData asking(String topic, Integer... partitions) {
        DescribableLogDirTopicCollection topics = new DescribableLogDirTopicCollection();
        topics.add(new DescribableLogDirTopic().setTopic(topic).setPartitions(List.of(partitions)));
        return new DescribeLogDirsRequestData().setTopics(topics);
    }

    @Test
    void describesTheProducersOfAPartition() {
        PartitionResponse partition = describeProducers(
                "orders",
                0,
                id -> new ActiveProducers.Answer.Known(
                        CompletableFuture.completedFuture(List.of(new ProducerStatus(41, 2, 7, 1234L, -1, -1)))));

        assertThat(partition.errorCode()).isZero();
        assertThat(partition.activeProducers()).hasSize(1);
        assertThat(partition.activeProducers().getFirst().producerId()).isEqualTo(41);
        assertThat(partition.activeProducers().getFirst().lastSequence()).isEqualTo(7);
    }

    @Test
    void tellsWhyThereAreNoProducersToTellOf() {
        ActiveProducers unknown = id -> new ActiveProducers.Answer.Refused(Errors.UNKNOWN_TOPIC_OR_PARTITION);

        assertThat(describeProducers("orders", 9, unknown).errorCode())
                .isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
        assertThat(describeProducers("orders", -1, unknown).errorCode())
                .isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
        assertThat(describeProducers("a b", 0, unknown).errorCode()).isEqualTo(Errors.INVALID_TOPIC_EXCEPTION.code());
    }

    private static PartitionResponse describeProducers(String topic, int partition, ActiveProducers producers) {
        DescribeProducersRequestData request = new DescribeProducersRequestData();
        request.topics().add(new TopicRequest().setName(topic).setPartitionIndexes(List.of(partition)));
        return describeProducers(request, producers).getFirst();
    }

    private static List<PartitionResponse> describeProducers(
            DescribeProducersRequestData request, ActiveProducers producers) {
        return new DescribeProducersHandler(producers, API)
                .handle(CONTEXT, request)
                .toCompletableFuture()
                .join()
                .topics()
                .getFirst()
                .partitions();
    }

    private static DescribeProducersRequestData partitions(int count) {
        DescribeProducersRequestData request = new DescribeProducersRequestData();
        request.topics()
                .add(new TopicRequest()
                        .setName("orders")
                        .setPartitionIndexes(IntStream.range(0, count).boxed().toList()));
        return request;
    }

    @Test
    void producersOfAsManyPartitionsAsAllowedAreDescribedAndOfOneMoreNot() {
        ActiveProducers none = id -> new ActiveProducers.Answer.Known(CompletableFuture.completedFuture(List.of()));

        assertThat(describeProducers(partitions(PARTITIONS_PER_REQUEST), none))
                .hasSize(PARTITIONS_PER_REQUEST)
                .allSatisfy(partition -> assertThat(partition.errorCode()).isZero());
        assertThat(describeProducers(partitions(PARTITIONS_PER_REQUEST + 1), none))
                .hasSize(PARTITIONS_PER_REQUEST + 1)
                .allSatisfy(partition -> assertThat(partition.errorCode()).isEqualTo(Errors.INVALID_REQUEST.code()));
    }

    @Test
    void anAnswerFullOfProducersTakesNoFurtherPartition() {
        List<ProducerStatus> many = Collections.nCopies(10_000, new ProducerStatus(41, 2, 7, 1234L, -1, -1));
        AtomicInteger asked = new AtomicInteger();
        ActiveProducers crowded = id -> {
            asked.incrementAndGet();
            return new ActiveProducers.Answer.Known(CompletableFuture.completedFuture(many));
        };

        List<PartitionResponse> answers = describeProducers(partitions(PARTITIONS_PER_REQUEST), crowded);

        int full = DescribeProducersHandler.PRODUCERS_MOST / many.size();
        assertThat(answers.get(full - 1).activeProducers()).hasSize(many.size());
        assertThat(answers.get(full).errorCode()).isEqualTo(Errors.POLICY_VIOLATION.code());
        assertThat(answers.getLast().activeProducers()).isEmpty();
        assertThat(asked).hasValue(full);
    }

    @Test
    void producersBehindAFullQueueMayBeAskedForAgain() {
        ActiveProducers busy = id -> new ActiveProducers.Answer.Known(
                CompletableFuture.failedFuture(new RejectedExecutionException("full")));

        assertThat(describeProducers("orders", 0, busy).errorCode()).isEqualTo(Errors.REQUEST_TIMED_OUT.code());
    }

    @Test
    void subscribesClientsToNothing() {
        GetTelemetrySubscriptionsHandler handler = new GetTelemetrySubscriptionsHandler();
        GetTelemetrySubscriptionsResponseData first = handler.handle(
                        CONTEXT, new GetTelemetrySubscriptionsRequestData())
                .toCompletableFuture()
                .join();
        GetTelemetrySubscriptionsResponseData again = handler.handle(
                        CONTEXT,
                        new GetTelemetrySubscriptionsRequestData().setClientInstanceId(first.clientInstanceId()))
                .toCompletableFuture()
                .join();

        assertThat(first.clientInstanceId()).isNotEqualTo(Uuid.ZERO_UUID);
        assertThat(first.requestedMetrics()).isEmpty();
        assertThat(first.pushIntervalMs()).isEqualTo(300_000);
        assertThat(again.clientInstanceId()).isEqualTo(first.clientInstanceId());
        assertThat(again.subscriptionId()).isEqualTo(first.subscriptionId());
    }

    @Test
    void noReassignmentIsUnderWay() {
        var response = new ListPartitionReassignmentsHandler()
                .handle(CONTEXT, new ListPartitionReassignmentsRequestData().setTopics(null))
                .toCompletableFuture()
                .join();

        assertThat(response.errorCode()).isZero();
        assertThat(response.errorMessage()).isNull();
        assertThat(response.topics()).isEmpty();
    }
}
