package io.wellspring.api.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import io.wellspring.api.TopicIds;
import io.wellspring.api.metadata.ReplicaStates.ReplicaState;
import io.wellspring.model.NodeId;
import io.wellspring.model.TopicId;
import io.wellspring.testing.InMemoryTopics;
import io.wellspring.topic.NewTopic;
import io.wellspring.topic.TopicCommands;
import io.wellspring.topic.TopicLimits;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataRequestData.MetadataRequestTopic;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponsePartition;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseTopic;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

final class MetadataHandlerTest {
    private final InMemoryTopics topics = new InMemoryTopics();
    private final TopicCommands commands = new TopicCommands(new NodeId(1), new TopicLimits(3, 10, 100));
    private ReplicaStates replicas = (topic, partition) -> new ReplicaState(5, true);

    @Test
    void answersTheBrokerAtTheAddressThatWasAsked() {
        MetadataResponseData response = ask(13, new MetadataRequestData().setTopics(List.of()));

        assertThat(response.clusterId()).isEqualTo("cluster-A");
        assertThat(response.controllerId()).isEqualTo(1);
        assertThat(response.brokers()).hasSize(1);
        assertThat(response.brokers().find(1).host()).isEqualTo("broker.example");
        assertThat(response.brokers().find(1).port()).isEqualTo(9094);
        assertThat(response.topics()).isEmpty();
    }

    @Test
    void anEmptyListMeansAllTopicsInVersion0AndNoneLater() {
        create("orders");

        assertThat(ask(0, new MetadataRequestData().setTopics(List.of())).topics())
                .hasSize(1);
        assertThat(ask(1, new MetadataRequestData().setTopics(List.of())).topics())
                .isEmpty();
        assertThat(ask(1, new MetadataRequestData().setTopics(null)).topics()).hasSize(1);
    }

    @Test
    void tellsLeaderEpochAndReplicasOfEachPartition() {
        TopicId id = create("orders");

        MetadataResponseTopic topic = only(ask(12, named("orders")));

        assertThat(topic.errorCode()).isZero();
        assertThat(topic.topicId()).isEqualTo(TopicIds.uuidOf(id));
        assertThat(topic.isInternal()).isFalse();
        assertThat(topic.partitions()).hasSize(3);
        MetadataResponsePartition last = topic.partitions().getLast();
        assertThat(last.partitionIndex()).isEqualTo(2);
        assertThat(last.leaderId()).isEqualTo(1);
        assertThat(last.leaderEpoch()).isEqualTo(5);
        assertThat(last.replicaNodes()).containsExactly(1);
        assertThat(last.isrNodes()).containsExactly(1);
        assertThat(last.offlineReplicas()).isEmpty();
    }

    @Test
    void aPartitionWhoseLogIsOfflineHasNoLeader() {
        create("orders");
        replicas = (topic, partition) -> partition == 1 ? new ReplicaState(5, false) : new ReplicaState(5, true);

        MetadataResponsePartition partition =
                only(ask(12, named("orders"))).partitions().get(1);

        assertThat(partition.errorCode()).isEqualTo(Errors.LEADER_NOT_AVAILABLE.code());
        assertThat(partition.leaderId()).isEqualTo(-1);
        assertThat(partition.offlineReplicas()).containsExactly(1);
    }

    @Test
    void aPartitionThatIsNotYetOpenHasNoLeader() {
        create("orders");
        replicas = (topic, partition) -> null;

        assertThat(only(ask(12, named("orders"))).partitions().getFirst().errorCode())
                .isEqualTo(Errors.LEADER_NOT_AVAILABLE.code());
    }

    @Test
    void makesAnUnknownTopicAndAnswersThatItIsUnknown() {
        MetadataResponseTopic first = only(ask(12, named("orders")));
        MetadataResponseTopic second = only(ask(12, named("orders")));

        assertThat(first.errorCode()).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
        assertThat(first.topicId()).isEqualTo(Uuid.ZERO_UUID);
        assertThat(second.errorCode()).isZero();
        assertThat(second.partitions()).hasSize(3);
    }

    @Test
    void makesNoTopicThatTheClientOrTheBrokerDoesNotWant() {
        assertThat(only(ask(4, named("orders").setAllowAutoTopicCreation(false)))
                        .errorCode())
                .isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
        handler(false).handle(Requests.version(4), named("orders"));

        assertThat(topics.catalog().find("orders")).isNull();
    }

    @Test
    void makesNeitherInvalidNorInternalTopics() {
        assertThat(only(ask(12, named("a b"))).errorCode()).isEqualTo(Errors.INVALID_TOPIC_EXCEPTION.code());
        assertThat(only(ask(12, named(""))).errorCode()).isEqualTo(Errors.INVALID_TOPIC_EXCEPTION.code());
        MetadataResponseTopic internal = only(ask(12, named("__consumer_offsets")));

        assertThat(internal.errorCode()).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
        assertThat(internal.isInternal()).isTrue();
        assertThat(topics.catalog().all()).isEmpty();
    }

    @Test
    void findsTopicsByIdFromVersion12On() {
        TopicId id = create("orders");
        Uuid unknown = Uuid.randomUuid();

        MetadataResponseData response = ask(12, withIds(TopicIds.uuidOf(id), unknown));

        assertThat(response.topics().find("orders").errorCode()).isZero();
        MetadataResponseTopic missing = response.topics().stream()
                .filter(topic -> topic.name() == null)
                .findFirst()
                .orElseThrow();
        assertThat(missing.errorCode()).isEqualTo(Errors.UNKNOWN_TOPIC_ID.code());
        assertThat(missing.topicId()).isEqualTo(unknown);
    }

    @Test
    void refusesIdsAndNullNamesInVersions10And11() {
        TopicId id = create("orders");

        for (int version = 10; version <= 11; version++) {
            MetadataResponseTopic topic = only(ask(version, withIds(TopicIds.uuidOf(id))));
            assertThat(topic.errorCode()).isEqualTo(Errors.INVALID_REQUEST.code());
            assertThat(topic.name()).isEmpty();
        }
    }

    @Test
    void tellsOperationsOnlyWhereTheyAreAskedFor() {
        create("orders");

        MetadataResponseData without = ask(8, named("orders"));
        MetadataResponseData with = ask(
                8,
                named("orders").setIncludeClusterAuthorizedOperations(true).setIncludeTopicAuthorizedOperations(true));

        assertThat(without.clusterAuthorizedOperations()).isEqualTo(Integer.MIN_VALUE);
        assertThat(only(without).topicAuthorizedOperations()).isEqualTo(Integer.MIN_VALUE);
        // READ, WRITE, CREATE, DELETE, ALTER, DESCRIBE, DESCRIBE_CONFIGS, ALTER_CONFIGS: bits 3 to 8, 10, 11.
        assertThat(only(with).topicAuthorizedOperations()).isEqualTo(0b1101_1111_1000);
        assertThat(with.clusterAuthorizedOperations()).isEqualTo(0b1_1111_1010_0000);
    }

    @Test
    void aRefusalNamesEveryTopicAndInVersion13TheWhole() {
        MetadataResponseData response =
                handler(true).refused(Requests.version(13), named("orders"), Errors.UNKNOWN_SERVER_ERROR);

        assertThat(response.errorCode()).isEqualTo(Errors.UNKNOWN_SERVER_ERROR.code());
        assertThat(only(response).errorCode()).isEqualTo(Errors.UNKNOWN_SERVER_ERROR.code());
    }

    private TopicId create(String name) {
        TopicId id = TopicId.random();
        var refused = topics.propose(commands.create(NewTopic.withDefaults(name, id)), Duration.ofSeconds(1))
                .toCompletableFuture()
                .join();
        assertThat(refused).isNull();
        return id;
    }

    private MetadataHandler handler(boolean autoCreate) {
        return new MetadataHandler(
                topics,
                (topic, partition) -> replicas.find(topic, partition),
                () -> Requests.IDENTITY,
                new TopicAutoCreation(topics, commands, autoCreate));
    }

    private MetadataResponseData ask(int version, MetadataRequestData request) {
        return handler(true)
                .handle(Requests.version(version), request)
                .toCompletableFuture()
                .join();
    }

    private static MetadataRequestData named(String... names) {
        return new MetadataRequestData()
                .setTopics(Arrays.stream(names)
                        .map(name -> new MetadataRequestTopic().setName(name))
                        .toList());
    }

    private static MetadataRequestData withIds(Uuid... ids) {
        return new MetadataRequestData()
                .setTopics(Arrays.stream(ids)
                        .map(id -> new MetadataRequestTopic().setTopicId(id).setName(null))
                        .toList());
    }

    private static MetadataResponseTopic only(MetadataResponseData response) {
        assertThat(response.topics()).hasSize(1);
        return response.topics().iterator().next();
    }
}
