package io.wellspring.api.topics;

import static org.assertj.core.api.Assertions.assertThat;

import io.wellspring.api.ApiProperties;
import io.wellspring.api.ConnectionContext;
import io.wellspring.api.RequestContext;
import io.wellspring.model.Endpoint;
import io.wellspring.model.NodeId;
import io.wellspring.model.SecurityProtocol;
import io.wellspring.model.TopicId;
import io.wellspring.testing.InMemoryTopics;
import io.wellspring.testing.TestLoop;
import io.wellspring.topic.CatalogEvent;
import io.wellspring.topic.Topic;
import io.wellspring.topic.TopicCommands;
import io.wellspring.topic.TopicLimits;
import io.wellspring.topic.TopicsProperties;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.CreatePartitionsRequestData;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsTopic;
import org.apache.kafka.common.message.CreatePartitionsResponseData.CreatePartitionsTopicResult;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicConfig;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicConfigCollection;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicResult;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.DeleteTopicsRequestData.DeleteTopicState;
import org.apache.kafka.common.message.DeleteTopicsResponseData;
import org.apache.kafka.common.message.DeleteTopicsResponseData.DeletableTopicResult;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;

final class TopicHandlersTest {
    private static final int PARTITIONS_PER_REQUEST = 100;
    private static final ApiProperties API = new ApiProperties(
            PARTITIONS_PER_REQUEST, DataSize.ofMegabytes(55), Duration.ofMinutes(5), 10, 10, Duration.ofMinutes(2));

    private final InMemoryTopics topics = new InMemoryTopics();
    private final TopicCommands commands = new TopicCommands(new NodeId(1), new TopicLimits(2, 1000, 2000));
    private final CreateTopicsHandler create = new CreateTopicsHandler(topics, commands, API);
    private final CreatePartitionsHandler grow = new CreatePartitionsHandler(topics, commands, API);

    @Test
    void topicIsCreatedAndDescribed() {
        CreatableTopicResult result = only(create(topic("a", 3, 1, "retention.ms", "7")));

        Topic made = Objects.requireNonNull(topics.catalog().find("a"));
        assertThat(result.errorCode()).isEqualTo(Errors.NONE.code());
        assertThat(result.topicId())
                .isEqualTo(new Uuid(made.id().mostSignificantBits(), made.id().leastSignificantBits()));
        assertThat(result.numPartitions()).isEqualTo(3);
        assertThat(result.replicationFactor()).isEqualTo((short) 1);
        assertThat(result.configs()).hasSize(37).anySatisfy(config -> {
            assertThat(config.name()).isEqualTo("retention.ms");
            assertThat(config.value()).isEqualTo("7");
            assertThat(config.configSource()).isEqualTo((byte) 1);
        });
        assertThat(made.partitionCount()).isEqualTo(3);
    }

    @Test
    void defaultsAreTakenForMinusOne() {
        assertThat(only(create(topic("a", -1, -1))).numPartitions()).isEqualTo(2);
    }

    @Test
    void validationAloneCreatesNothing() {
        CreateTopicsRequestData request =
                request(topic("a", 1, 1), topic("b", 0, 1)).setValidateOnly(true);
        CreateTopicsResponseData response = done(create.handle(context(7), request));

        assertThat(response.topics().find("a").errorCode()).isEqualTo(Errors.NONE.code());
        assertThat(response.topics().find("b").errorCode()).isEqualTo(Errors.INVALID_PARTITIONS.code());
        assertThat(topics.catalog().all()).isEmpty();
    }

    @Test
    void eachTopicHasItsOwnOutcome() {
        CreateTopicsResponseData response = create(
                topic("a", 1, 1), topic("b", 1, 3), topic("a.c", 1, 1), topic("a_c", 1, 1), topic("d", 1, 1, "x", "1"));

        assertThat(response.topics().stream().map(CreatableTopicResult::errorCode))
                .containsExactly(
                        Errors.NONE.code(),
                        Errors.INVALID_REPLICATION_FACTOR.code(),
                        Errors.NONE.code(),
                        Errors.INVALID_TOPIC_EXCEPTION.code(),
                        Errors.INVALID_CONFIG.code());
        assertThat(response.topics().find("d").errorMessage()).isEqualTo("Unknown topic config name: x");
    }

    @Test
    void topicThatStandsTwiceIsNotCreated() {
        CreatableTopicResult result = only(create(topic("a", 1, 1), topic("a", 2, 1)));

        assertThat(result.errorCode()).isEqualTo(Errors.INVALID_REQUEST.code());
        assertThat(result.errorMessage()).isEqualTo("Duplicate topic name.");
        assertThat(topics.catalog().all()).isEmpty();
    }

    @Test
    void requestMayAskForSoManyPartitionsAndNotOneMore() {
        CreateTopicsResponseData tooMany = create(topic("a", PARTITIONS_PER_REQUEST - 1, 1), topic("b", -1, 1));
        assertThat(tooMany.topics())
                .allSatisfy(result -> assertThat(result.errorCode()).isEqualTo(Errors.POLICY_VIOLATION.code()));

        CreateTopicsResponseData fitting = create(topic("a", PARTITIONS_PER_REQUEST - 2, 1), topic("b", -1, 1));
        assertThat(fitting.topics())
                .allSatisfy(result -> assertThat(result.errorCode()).isZero());

        assertThat(growTo(new CreatePartitionsTopic()
                                .setName("b")
                                .setCount(3 + PARTITIONS_PER_REQUEST)
                                .setAssignments(null))
                        .errorCode())
                .isEqualTo(Errors.POLICY_VIOLATION.code());
        assertThat(growTo(new CreatePartitionsTopic()
                                .setName("b")
                                .setCount(2 + PARTITIONS_PER_REQUEST)
                                .setAssignments(null))
                        .errorCode())
                .isZero();
    }

    @Test
    void topicGrows() {
        create(topic("a", 1, 1));

        assertThat(growTo(new CreatePartitionsTopic().setName("a").setCount(5).setAssignments(null)))
                .isEqualTo(new CreatePartitionsTopicResult().setName("a"));
        assertThat(Objects.requireNonNull(topics.catalog().find("a")).partitionCount())
                .isEqualTo(5);
        assertThat(growTo(new CreatePartitionsTopic().setName("a").setCount(4).setAssignments(null))
                        .errorCode())
                .isEqualTo(Errors.INVALID_PARTITIONS.code());
        assertThat(growTo(new CreatePartitionsTopic().setName("x").setCount(4).setAssignments(null))
                        .errorCode())
                .isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
    }

    @Test
    void topicsAreDeletedByNameInOldVersions() {
        create(topic("a", 1, 1));
        DeleteTopicsResponseData response =
                delete(5, true, new DeleteTopicsRequestData().setTopicNames(List.of("a", "b")));

        assertThat(response.responses().find("a").errorCode()).isZero();
        assertThat(response.responses().find("b").errorCode()).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
        assertThat(topics.catalog().all()).isEmpty();
    }

    @Test
    void topicIsDeletedByIdAndAnsweredWithItsName() {
        Uuid id = only(create(topic("a", 1, 1))).topicId();
        DeletableTopicResult result = delete(6, true, new DeleteTopicsRequestData().setTopics(List.of(byId(id))))
                .responses()
                .iterator()
                .next();

        assertThat(result.name()).isEqualTo("a");
        assertThat(result.errorCode()).isZero();
        assertThat(topics.catalog().find("a")).isNull();
    }

    @Test
    void wishesThatContradictThemselvesDeleteNothing() {
        Uuid id = only(create(topic("a", 1, 1))).topicId();
        List<List<DeleteTopicState>> wishes = List.of(
                List.of(new DeleteTopicState()),
                List.of(byName("a").setTopicId(id)),
                List.of(byName("a"), byName("a")),
                List.of(byId(id), byId(id)),
                List.of(byName("a"), byId(id)));
        for (List<DeleteTopicState> wish : wishes) {
            DeleteTopicsResponseData response = delete(6, true, new DeleteTopicsRequestData().setTopics(wish));

            assertThat(response.responses())
                    .isNotEmpty()
                    .allSatisfy(result -> assertThat(result.errorCode()).isEqualTo(Errors.INVALID_REQUEST.code()));
        }
        assertThat(topics.catalog().find("a")).isNotNull();
    }

    @Test
    void unknownIdAndInternalTopicAndDisabledDeletionHaveTheirCodes() {
        topics.propose(
                _ -> new io.wellspring.topic.CatalogDecision.Accepted(
                        List.of(new CatalogEvent.TopicCreated("__consumer_offsets", new TopicId(1, 1), 1, Map.of()))),
                Duration.ofSeconds(1));

        assertThat(onlyDeleted(6, true, byId(new Uuid(9, 9)))).isEqualTo(Errors.UNKNOWN_TOPIC_ID);
        assertThat(onlyDeleted(6, true, byName("__consumer_offsets"))).isEqualTo(Errors.INVALID_TOPIC_EXCEPTION);
        assertThat(onlyDeleted(6, false, byName("a"))).isEqualTo(Errors.TOPIC_DELETION_DISABLED);
    }

    private Errors onlyDeleted(int version, boolean deletable, DeleteTopicState topic) {
        return Errors.forCode(delete(version, deletable, new DeleteTopicsRequestData().setTopics(List.of(topic)))
                .responses()
                .iterator()
                .next()
                .errorCode());
    }

    private DeleteTopicsResponseData delete(int version, boolean deletable, DeleteTopicsRequestData request) {
        TopicsProperties properties = new TopicsProperties(true, deletable, 1, 10, 100, Map.of());
        return done(new DeleteTopicsHandler(topics, commands, properties, API).handle(context(version), request));
    }

    private CreatePartitionsTopicResult growTo(CreatePartitionsTopic topic) {
        CreatePartitionsRequestData request = new CreatePartitionsRequestData().setTimeoutMs(1000);
        request.topics().add(topic);
        return done(grow.handle(context(3), request)).results().getFirst();
    }

    private CreateTopicsResponseData create(CreatableTopic... wanted) {
        return done(create.handle(context(7), request(wanted)));
    }

    private static CreateTopicsRequestData request(CreatableTopic... wanted) {
        CreateTopicsRequestData request = new CreateTopicsRequestData().setTimeoutMs(1000);
        for (CreatableTopic topic : wanted) {
            request.topics().add(topic);
        }
        return request;
    }

    private static CreatableTopic topic(String name, int partitions, int replicas, String... settings) {
        CreatableTopicConfigCollection configs = new CreatableTopicConfigCollection();
        for (int i = 0; i < settings.length; i += 2) {
            configs.add(new CreatableTopicConfig().setName(settings[i]).setValue(settings[i + 1]));
        }
        return new CreatableTopic()
                .setName(name)
                .setNumPartitions(partitions)
                .setReplicationFactor((short) replicas)
                .setConfigs(configs);
    }

    private static DeleteTopicState byName(String name) {
        return new DeleteTopicState().setName(name);
    }

    private static DeleteTopicState byId(Uuid id) {
        return new DeleteTopicState().setTopicId(id);
    }

    private static CreatableTopicResult only(CreateTopicsResponseData response) {
        assertThat(response.topics()).hasSize(1);
        return response.topics().iterator().next();
    }

    static <T> T done(java.util.concurrent.CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }

    static RequestContext context(int version) {
        return new RequestContext(
                new ConnectionContext(
                        1,
                        new Endpoint("PLAINTEXT", SecurityProtocol.PLAINTEXT, "localhost", 9092),
                        InetAddress.getLoopbackAddress(),
                        TestLoop.direct()),
                (short) version,
                1,
                "test");
    }
}
