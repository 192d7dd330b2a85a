package io.wellspring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.wellspring.testing.TestBroker;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What Kafka's Java clients see of the cluster and its topics. */
final class AdminIT {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private static TestBroker broker;
    private static Admin admin;

    @BeforeAll
    static void start() {
        broker = TestBroker.start(Map.of("wellspring.topics.default-partitions", "2"));
        admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
    }

    @AfterAll
    static void stop() {
        admin.close();
        broker.close();
    }

    @Test
    void describesTheClusterAsOneBroker() throws ExecutionException, InterruptedException {
        var cluster = admin.describeCluster();

        assertThat(cluster.nodes().get()).hasSize(1);
        assertThat(cluster.controller().get().id()).isEqualTo(1);
        assertThat(cluster.clusterId().get()).hasSize(22);
        assertThat(admin.describeFeatures().featureMetadata().get().finalizedFeatures())
                .containsOnlyKeys("group.version", "streams.version");
    }

    @Test
    void createsListsAndDescribesTopics() throws ExecutionException, InterruptedException {
        admin.createTopics(List.of(new NewTopic("made", Optional.of(3), Optional.empty())))
                .all()
                .get();

        assertThat(admin.listTopics().names().get()).contains("made");
        Map<String, TopicDescription> described =
                admin.describeTopics(List.of("made")).allTopicNames().get();
        assertThat(described).hasSize(1).containsKey("made");
        assertThat(described.values())
                .flatExtracting(TopicDescription::partitions)
                .hasSize(3)
                .allSatisfy(partition -> assertThat(partition.leader().id()).isEqualTo(1));
        assertThat(admin.describeLogDirs(List.of(1)).allDescriptions().get().values())
                .flatExtracting(Map::values)
                .anySatisfy(directory -> assertThat(directory.replicaInfos())
                        .containsKeys(new TopicPartition("made", 0), new TopicPartition("made", 2)));
        assertThat(admin.listPartitionReassignments().reassignments().get()).isEmpty();
        assertThat(admin.describeProducers(List.of(new TopicPartition("made", 0)))
                        .all()
                        .get()
                        .values())
                .hasSize(1)
                .allSatisfy(state -> assertThat(state.activeProducers()).isEmpty());
    }

    @Test
    void aClientThatAsksForATopicGetsItMade() {
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers()),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            // The first answer is that there is no such topic; the client asks again, as with Kafka.
            await().atMost(LIMIT)
                    .untilAsserted(() -> assertThat(consumer.partitionsFor("asked-for", LIMIT))
                            .hasSize(2));
        }
    }

    @Test
    void anotherThatDoesNotWantThatGetsNone() throws ExecutionException, InterruptedException {
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers(), "allow.auto.create.topics", "false"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            assertThat(consumer.partitionsFor("not-asked-for", LIMIT)).isEmpty();
        }
        assertThat(admin.listTopics().names().get()).doesNotContain("not-asked-for");
    }

    @Test
    void topicsAreThereAgainAfterARestart() throws ExecutionException, InterruptedException {
        try (TestBroker other = TestBroker.start()) {
            try (Admin before = Admin.create(Map.of("bootstrap.servers", other.bootstrapServers()))) {
                before.createTopics(List.of(new NewTopic("kept", 1, (short) 1)))
                        .all()
                        .get();
            }
            other.restart();
            try (Admin after = Admin.create(Map.of("bootstrap.servers", other.bootstrapServers()))) {
                await().atMost(LIMIT)
                        .untilAsserted(() ->
                                assertThat(after.listTopics().names().get()).contains("kept"));
            }
        }
    }
}
