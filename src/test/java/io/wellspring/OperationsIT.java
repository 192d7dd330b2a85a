package io.wellspring;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.wellspring.testing.JavaClients;
import io.wellspring.testing.ManagementPort;
import io.wellspring.testing.TestBroker;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.NotEnoughReplicasException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What an operator sees and does over HTTP, next to what Kafka's Admin sees of it. */
final class OperationsIT {
    private static final JsonMapper JSON = new JsonMapper();
    private static final int RECORDS = 10;

    private static TestBroker broker;
    private static Admin admin;

    @BeforeAll
    static void start() {
        broker = TestBroker.start(Map.of());
        admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
    }

    @AfterAll
    static void stop() {
        admin.close();
        broker.close();
    }

    private static HttpResponse<String> ask(String method, String path, @Nullable String user, @Nullable String body)
            throws Exception {
        return ManagementPort.ask(method, broker.managementUrl() + "/actuator" + path, user, body);
    }

    private static JsonNode get(String path) throws Exception {
        HttpResponse<String> answer = ask("GET", path, ManagementPort.VIEWER, null);
        assertThat(answer.statusCode()).as(path + " " + answer.body()).isEqualTo(200);
        return JSON.readTree(answer.body());
    }

    private static JsonNode act(String method, String path, @Nullable String body) throws Exception {
        HttpResponse<String> answer =
                ask(method, path, ManagementPort.ADMIN, body == null && method.equals("POST") ? "{}" : body);
        assertThat(answer.statusCode()).as(path + " " + answer.body()).isEqualTo(200);
        return JSON.readTree(answer.body());
    }

    private static void topic(String name, int partitions, Map<String, String> settings) throws Exception {
        JavaClients.createTopics(
                broker.bootstrapServers(), List.of(new NewTopic(name, partitions, (short) 1).configs(settings)));
    }

    private static KafkaProducer<byte[], byte[]> producer(Map<String, Object> more) {
        Map<String, Object> settings = new HashMap<>(more);
        settings.put("bootstrap.servers", broker.bootstrapServers());
        return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    }

    private static void send(String topic, int partition, int count) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = producer(Map.of("client.id", "sender of " + topic))) {
            for (int i = 0; i < count; i++) {
                byte[] value = ("value " + i).getBytes(StandardCharsets.UTF_8);
                producer.send(new ProducerRecord<>(
                                topic, partition, ("key " + i % 3).getBytes(StandardCharsets.UTF_8), value))
                        .get();
            }
        }
    }

    private static long offset(String topic, OffsetSpec which) throws ExecutionException, InterruptedException {
        TopicPartition partition = new TopicPartition(topic, 0);
        return admin.listOffsets(Map.of(partition, which))
                .partitionResult(partition)
                .get()
                .offset();
    }

    private static void committed(String group, String topic, long offset) throws Exception {
        admin.alterConsumerGroupOffsets(group, Map.of(new TopicPartition(topic, 0), new OffsetAndMetadata(offset)))
                .all()
                .get();
    }

    @Test
    void topicsAreToldInPages() throws Exception {
        for (int i = 0; i < 5; i++) {
            topic("paged-" + i, 2, Map.of("retention.ms", "1000" + i));
        }
        JsonNode first = get("/topics?prefix=paged-&limit=3");
        JsonNode rest =
                get("/topics?prefix=paged-&limit=3&after=" + first.get("next").asString());

        assertThat(names(first.get("topics"), "topic")).containsExactly("paged-0", "paged-1", "paged-2");
        assertThat(names(rest.get("topics"), "topic")).containsExactly("paged-3", "paged-4");
        assertThat(rest.get("next").isNull()).isTrue();
        JsonNode one = get("/topics/paged-3");
        assertThat(one).isEqualTo(rest.get("topics").get(0));
        assertThat(one.get("partitions").asInt()).isEqualTo(2);
        assertThat(one.get("settings").get("retention.ms").asString()).isEqualTo("10003");
    }

    private static List<String> names(JsonNode list, String field) {
        return StreamSupport.stream(list.spliterator(), false)
                .map(item -> item.get(field).asString())
                .toList();
    }

    @Test
    void aPartitionTellsItsOffsetsSegmentsAndProducers() throws Exception {
        topic("seen", 3, Map.of());
        send("seen", 0, RECORDS);
        act("POST", "/partitions/seen/0/roll", null);

        JsonNode state = get("/partitions/seen/0").get("state");
        assertThat(state.get("logStartOffset").asLong()).isZero();
        assertThat(state.get("highWatermark").asLong()).isEqualTo(RECORDS);
        assertThat(state.get("flushedOffset").asLong()).isEqualTo(RECORDS);
        assertThat(state.get("segments").asInt()).isEqualTo(2);
        assertThat(state.get("leader").asBoolean()).isTrue();
        JsonNode segments = get("/segments/seen/0").get("segments");
        assertThat(segments).hasSize(2);
        assertThat(segments.get(0).get("endOffset").asLong()).isEqualTo(RECORDS);
        assertThat(segments.get(0).get("active").asBoolean()).isFalse();
        assertThat(segments.get(0).get("sizeBytes").asLong())
                .isEqualTo(state.get("sizeBytes").asLong());
        JsonNode producers = get("/producers/seen/0").get("producers");
        assertThat(producers).hasSize(1);
        assertThat(producers.get(0).get("lastSequence").asInt()).isEqualTo(RECORDS - 1);
        assertThat(names(get("/partitions?topic=seen&limit=2").get("partitions"), "partition"))
                .containsExactly("0", "1");
        assertThat(names(get("/partitions?topic=seen&after=seen-1").get("partitions"), "partition"))
                .containsExactly("2");
        assertThat(get("/partitions?topic=seen&offline=true").get("partitions")).isEmpty();
        assertThat(get("/logdirs").get("logDirs").get(0).get("sizeBytes").asLong())
                .isPositive();
    }

    @Test
    void aConnectionTellsItsClientAndCanBeClosed() throws Exception {
        topic("connected", 1, Map.of());
        try (KafkaProducer<byte[], byte[]> producer = producer(Map.of("client.id", "the-one"))) {
            producer.send(new ProducerRecord<>("connected", new byte[1])).get();
            JsonNode seen = get("/connections?client=the-one").get("connections");
            assertThat(seen).isNotEmpty();
            assertThat(seen.get(0).get("software").asString()).isEqualTo("apache-kafka-java");
            for (JsonNode connection : seen) {
                long id = connection.get("id").asLong();
                assertThat(act("DELETE", "/connections/" + id, null)
                                .get("clientId")
                                .asString())
                        .isEqualTo("the-one");
                await().untilAsserted(() -> assertThat(ask("GET", "/connections/" + id, ManagementPort.VIEWER, null)
                                .statusCode())
                        .isEqualTo(404));
            }
            producer.send(new ProducerRecord<>("connected", new byte[1])).get();
        }
        assertThat(offset("connected", OffsetSpec.latest())).isEqualTo(2);
    }

    private static int partitionsOf(String topic) throws ExecutionException, InterruptedException {
        return requireNonNull(admin.describeTopics(List.of(topic))
                        .allTopicNames()
                        .get()
                        .get(topic))
                .partitions()
                .size();
    }

    @Test
    void topicsAreMadeChangedAndDeletedAsByAdmin() throws Exception {
        act(
                "POST",
                "/topics",
                "{\"topic\":\"made\",\"partitions\":2,\"settings\":\"retention.ms=60000\",\"dryRun\":true}");
        assertThat(admin.listTopics().names().get()).doesNotContain("made");
        act("POST", "/topics", "{\"topic\":\"made\",\"partitions\":2,\"settings\":\"retention.ms=60000\"}");
        assertThat(partitionsOf("made")).isEqualTo(2);

        act("POST", "/topics/made", "{\"partitions\":3,\"settings\":\"retention.ms; segment.bytes=1048576\"}");
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, "made");
        Config configs = requireNonNull(
                admin.describeConfigs(List.of(resource)).all().get().get(resource));
        assertThat(requireNonNull(configs.get("retention.ms")).isDefault()).isTrue();
        assertThat(requireNonNull(configs.get("segment.bytes")).value()).isEqualTo("1048576");
        assertThat(partitionsOf("made")).isEqualTo(3);

        send("made", 0, RECORDS);
        committed("reads made", "made", 4);
        JsonNode lost = act("DELETE", "/topics/made?dryRun=true", null);
        assertThat(lost.get("records").asLong()).isEqualTo(RECORDS);
        assertThat(lost.get("unread").get(0).get("group").asString()).isEqualTo("reads made");
        assertThat(lost.get("unread").get(0).get("records").asLong()).isEqualTo(RECORDS - 4);
        assertThat(offset("made", OffsetSpec.latest())).isEqualTo(RECORDS);
        act("DELETE", "/topics/made", null);
        assertThatThrownBy(() ->
                        admin.describeTopics(List.of("made")).allTopicNames().get())
                .hasCauseInstanceOf(UnknownTopicOrPartitionException.class);
    }

    /** Neither is done if the other cannot be. */
    @Test
    void aChangeIsWholeOrNothing() throws Exception {
        topic("whole", 2, Map.of());
        HttpResponse<String> answer = ask(
                "POST", "/topics/whole", ManagementPort.ADMIN, "{\"partitions\":1,\"settings\":\"retention.ms=1\"}");

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("would not be an increase");
        assertThat(get("/topics/whole").get("settings")).isEmpty();
    }

    @Test
    void recordsAreDeletedUpToAnOffset() throws Exception {
        topic("shorter", 1, Map.of());
        send("shorter", 0, RECORDS);
        committed("reads shorter", "shorter", 5);
        String body = "{\"beforeOffset\":7,\"dryRun\":%s}";

        JsonNode would = act("POST", "/partitions/shorter/0/delete-records", body.formatted("true"));
        assertThat(offset("shorter", OffsetSpec.earliest())).isZero();
        JsonNode did = act("POST", "/partitions/shorter/0/delete-records", body.formatted("false"));
        assertThat(offset("shorter", OffsetSpec.earliest())).isEqualTo(7);
        assertThat(did.get("result")).isEqualTo(would.get("result"));
        assertThat(did.get("result").get("records").asLong()).isEqualTo(7);
        assertThat(did.get("result").get("unread").get(0).get("records").asLong())
                .isEqualTo(2);
    }

    @Test
    void retentionRunsWhenItIsTold() throws Exception {
        topic("retained", 1, Map.of("retention.ms", "1", "file.delete.delay.ms", "0"));
        send("retained", 0, RECORDS);

        JsonNode would = act("POST", "/partitions/retained/0/retention", "{\"dryRun\":true}")
                .get("result");
        assertThat(would.get("segments").asInt()).isEqualTo(1);
        assertThat(would.get("logStartOffset").asLong()).isEqualTo(RECORDS);
        assertThat(offset("retained", OffsetSpec.earliest())).isZero();
        act("POST", "/partitions/retained/0/retention", null);
        assertThat(offset("retained", OffsetSpec.earliest())).isEqualTo(RECORDS);
    }

    @Test
    void aLogIsCompactedWhenItIsTold() throws Exception {
        topic("compacted", 1, Map.of("cleanup.policy", "compact", "min.cleanable.dirty.ratio", "1"));
        send("compacted", 0, RECORDS);
        act("POST", "/partitions/compacted/0/roll", null);

        JsonNode result = act("POST", "/partitions/compacted/0/compact", null)
                .get("result")
                .get("compacted");
        assertThat(result.get("recordsRead").asInt()).isEqualTo(RECORDS);
        assertThat(result.get("recordsKept").asInt()).isEqualTo(3);
        assertThat(act("POST", "/partitions/compacted/0/compact", null)
                        .get("result")
                        .get("compacted")
                        .isNull())
                .isTrue();
        topic("plain", 1, Map.of());
        HttpResponse<String> answer = ask("POST", "/partitions/plain/0/compact", ManagementPort.ADMIN, "{}");
        assertThat(answer.statusCode()).isEqualTo(409);
        assertThat(answer.body()).contains("cleanup.policy");
    }

    @Test
    void aLogIsFlushedAndScrubbedWhenItIsTold() throws Exception {
        topic("checked", 1, Map.of());
        send("checked", 0, RECORDS);

        assertThat(act("POST", "/partitions/checked/0/flush", null)
                        .get("result")
                        .get("flushedOffset")
                        .asLong())
                .isEqualTo(RECORDS);
        assertThat(act("POST", "/partitions/checked/0/scrub", null)
                        .get("result")
                        .get("damage")
                        .isNull())
                .isTrue();
    }

    @Test
    void aPausedPartitionRefusesAppendsUntilItIsResumed() throws Exception {
        topic("paused", 1, Map.of());
        act("POST", "/partitions/paused/0/pause", null);
        assertThat(get("/partitions/paused/0").get("state").get("paused").asBoolean())
                .isTrue();
        try (KafkaProducer<byte[], byte[]> producer = producer(Map.of("retries", 0, "enable.idempotence", false))) {
            assertThatThrownBy(() -> producer.send(new ProducerRecord<>("paused", new byte[1]))
                            .get())
                    .hasCauseInstanceOf(NotEnoughReplicasException.class);
        }
        try (KafkaProducer<byte[], byte[]> patient = producer(Map.of())) {
            var waiting = patient.send(new ProducerRecord<>("paused", new byte[1]));
            act("POST", "/partitions/paused/0/resume", null);
            assertThat(waiting.get().offset()).isZero();
        }
    }
}
