package io.wellspring;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.wellspring.testing.JavaClients;
import io.wellspring.testing.ManagementPort;
import io.wellspring.testing.TestBroker;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Groups of the Java client, in both of its protocols. */
final class GroupsIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int RECORDS = 300;

    private static TestBroker broker;
    private static Admin admin;

    @BeforeAll
    static void start() {
        broker = TestBroker.start(Map.of("wellspring.groups.initial-rebalance-delay", "0s"));
        admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
    }

    @AfterAll
    static void stop() {
        admin.close();
        broker.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void twoMembersShareTheTopicAndAThirdLifeGoesOnWhereTheyCommitted(String protocol)
            throws ExecutionException, InterruptedException {
        String topic = "shared-" + protocol;
        String group = "readers-" + protocol;
        JavaClients.createTopics(broker.bootstrapServers(), List.of(new NewTopic(topic, 4, (short) 1)));
        send(topic, 0, RECORDS);
        Set<Integer> read = ConcurrentHashMap.newKeySet();
        try (KafkaConsumer<byte[], byte[]> one = consumer(protocol, group);
                KafkaConsumer<byte[], byte[]> two = consumer(protocol, group)) {
            one.subscribe(List.of(topic));
            two.subscribe(List.of(topic));
            await().atMost(LIMIT).until(() -> {
                poll(one, read);
                poll(two, read);
                return one.assignment().size() == 2
                        && two.assignment().size() == 2
                        && positions(one) + positions(two) == RECORDS;
            });
            Set<TopicPartition> both = new HashSet<>(one.assignment());
            both.addAll(two.assignment());
            assertThat(both).hasSize(4);
            one.commitSync();
            two.commitSync();
            assertThat(read).hasSize(RECORDS);
            assertThat(admin.listGroups().all().get().stream().map(GroupListing::groupId))
                    .contains(group);
        }
        await().atMost(LIMIT)
                .until(() -> admin.listGroups().all().get().stream()
                        .anyMatch(listing -> listing.groupId().equals(group)
                                && listing.groupState().equals(Optional.of(GroupState.EMPTY))));
        Map<TopicPartition, OffsetAndMetadata> committed = admin.listConsumerGroupOffsets(group)
                .partitionsToOffsetAndMetadata()
                .get();
        assertThat(committed.values().stream()
                        .mapToLong(OffsetAndMetadata::offset)
                        .sum())
                .isEqualTo(RECORDS);

        restart();

        send(topic, RECORDS, 20);
        List<Integer> rest = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> three = consumer(protocol, group)) {
            three.subscribe(List.of(topic));
            await().atMost(LIMIT).until(() -> {
                poll(three, rest);
                return rest.size() >= 20;
            });
        }
        assertThat(rest).hasSize(20).allMatch(number -> number >= RECORDS);
    }

    @Test
    void lagIsWhatAReaderCounts() throws Exception {
        String topic = "behind";
        String group = "slow readers";
        JavaClients.createTopics(broker.bootstrapServers(), List.of(new NewTopic(topic, 4, (short) 1)));
        send(topic, 0, RECORDS);
        Map<TopicPartition, OffsetAndMetadata> committed = new HashMap<>();
        for (int partition = 0; partition < 4; partition++) {
            committed.put(new TopicPartition(topic, partition), new OffsetAndMetadata(10L * partition));
        }
        admin.alterConsumerGroupOffsets(group, committed).all().get();

        JsonNode told = json("/actuator/groups/" + group.replace(" ", "%20"));

        long total = 0;
        for (JsonNode partition : told.get("partitions")) {
            int number = partition.get("partition").intValue();
            long counted = count(topic, number, 10L * number);
            assertThat(partition.get("lag").longValue()).isEqualTo(counted);
            assertThat(partition.get("stableLag").longValue()).isEqualTo(counted);
            assertThat(partition.get("committedOffset").longValue()).isEqualTo(10L * number);
            assertThat(partition.get("lagSeconds").doubleValue()).isBetween(0.0, 600.0);
            total += counted;
        }
        assertThat(told.get("partitions")).hasSize(4);
        assertThat(told.get("lag").longValue()).isEqualTo(total);
        assertThat(json("/actuator/groups").get("groups").findValuesAsString("group"))
                .contains(group);
        assertThat(get("/actuator/groups/nobody").statusCode()).isEqualTo(404);
        assertThat(get("/actuator/prometheus").body())
                .containsPattern("wellspring_groups_offset_changes_total\\{change=\"commit\"\\} [1-9]")
                .containsPattern("wellspring_groups_offsets [1-9]")
                .contains("wellspring_groups_present{state=", "wellspring_groups_rebalances_total{type=\"consumer\"}");
    }

    /** Reads every record from the offset to the end. */
    private static long count(String topic, int partition, long from) {
        TopicPartition name = new TopicPartition(topic, partition);
        try (KafkaConsumer<byte[], byte[]> reader = consumer("classic", "counts")) {
            reader.assign(List.of(name));
            reader.seek(name, from);
            long end = reader.endOffsets(List.of(name)).getOrDefault(name, -1L);
            long[] count = {0};
            await().atMost(LIMIT).until(() -> {
                count[0] += reader.poll(Duration.ofMillis(100)).count();
                return reader.position(name) >= end;
            });
            return count[0];
        }
    }

    @Test
    void settingsOfAGroupAreKeptOverARestart() throws ExecutionException, InterruptedException {
        ConfigResource group = new ConfigResource(ConfigResource.Type.GROUP, "tuned");
        set(group, "consumer.session.timeout.ms", "50000");
        assertThatThrownBy(() -> set(group, "consumer.session.timeout.ms", "1"))
                .hasCauseInstanceOf(InvalidConfigurationException.class);
        assertThatThrownBy(() -> set(group, "consumer.sesion.timeout.ms", "50000"))
                .hasCauseInstanceOf(InvalidConfigurationException.class);

        restart();

        Config config =
                requireNonNull(admin.describeConfigs(List.of(group)).all().get().get(group));
        assertThat(config.get("consumer.session.timeout.ms").value()).isEqualTo("50000");
        assertThat(config.get("consumer.session.timeout.ms").source())
                .isEqualTo(ConfigEntry.ConfigSource.DYNAMIC_GROUP_CONFIG);
        assertThat(config.get("consumer.heartbeat.interval.ms").value()).isEqualTo("5000");
    }

    private static void set(ConfigResource group, String name, String value)
            throws ExecutionException, InterruptedException {
        AlterConfigOp operation = new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET);
        admin.incrementalAlterConfigs(Map.of(group, List.of(operation))).all().get();
    }

    @Test
    void staticMemberComesBackWithoutARebalance() {
        String topic = "static";
        JavaClients.createTopics(broker.bootstrapServers(), List.of(new NewTopic(topic, 2, (short) 1)));
        int before = generationOf(topic);
        int after = generationOf(topic);

        assertThat(after).isEqualTo(before);
    }

    private static int generationOf(String topic) {
        Map<String, Object> settings = settings("classic", "with-static-members");
        settings.put("group.instance.id", "one");
        try (KafkaConsumer<byte[], byte[]> member =
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            member.subscribe(List.of(topic));
            await().atMost(LIMIT).until(() -> {
                member.poll(Duration.ofMillis(100));
                return member.assignment().size() == 2;
            });
            return member.groupMetadata().generationId();
        }
    }

    @Test
    void offsetsGoWithTheirTopic() throws ExecutionException, InterruptedException {
        String topic = "short-lived";
        TopicPartition partition = new TopicPartition(topic, 0);
        JavaClients.createTopics(broker.bootstrapServers(), List.of(new NewTopic(topic, 1, (short) 1)));
        admin.alterConsumerGroupOffsets("orphans", Map.of(partition, new OffsetAndMetadata(0L)))
                .all()
                .get();
        admin.deleteTopics(List.of(topic)).all().get();

        await().atMost(LIMIT)
                .until(() -> !admin.listConsumerGroupOffsets("orphans")
                        .partitionsToOffsetAndMetadata()
                        .get()
                        .containsKey(partition));
    }

    private static JsonNode json(String path) throws IOException, InterruptedException {
        HttpResponse<String> response = get(path);
        assertThat(response.statusCode()).isEqualTo(200);
        return JsonMapper.builder().build().readTree(response.body());
    }

    private static HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return ManagementPort.get(broker.managementUrl() + path);
    }

    private static void restart() {
        broker.restart();
        admin.close();
        admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
    }

    private static long positions(KafkaConsumer<byte[], byte[]> consumer) {
        return consumer.assignment().stream().mapToLong(consumer::position).sum();
    }

    private static void poll(KafkaConsumer<byte[], byte[]> consumer, Collection<Integer> into) {
        consumer.poll(Duration.ofMillis(50))
                .forEach(record -> into.add(Integer.parseInt(new String(record.value(), StandardCharsets.UTF_8))));
    }

    private static void send(String topic, int from, int count) {
        try (KafkaProducer<byte[], byte[]> producer = JavaClients.producer(broker.bootstrapServers(), Map.of())) {
            for (int i = from; i < from + count; i++) {
                var _ = producer.send(new ProducerRecord<>(
                        topic, i % 4, null, Integer.toString(i).getBytes(StandardCharsets.UTF_8)));
            }
        }
    }

    private static KafkaConsumer<byte[], byte[]> consumer(String protocol, String group) {
        return new KafkaConsumer<>(settings(protocol, group), new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private static Map<String, Object> settings(String protocol, String group) {
        Map<String, Object> settings = new HashMap<>();
        settings.put("bootstrap.servers", broker.bootstrapServers());
        settings.put("group.id", group);
        settings.put("group.protocol", protocol);
        settings.put("auto.offset.reset", "earliest");
        settings.put("enable.auto.commit", "false");
        return settings;
    }
}
