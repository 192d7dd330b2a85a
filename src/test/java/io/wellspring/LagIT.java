package io.wellspring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.wellspring.testing.JavaClients;
import io.wellspring.testing.LagByReading;
import io.wellspring.testing.LagByReading.Found;
import io.wellspring.testing.TestBroker;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The lag of classic and consumer groups is what a reader finds, in the Actuator and in the meters. Groups of Kafka Streams: {@code StreamsIT}. */
final class LagIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int BATCH = 10;
    private static final long HOUR_AGO_MS =
            System.currentTimeMillis() - Duration.ofHours(1).toMillis();

    private static TestBroker broker;
    private static Admin admin;

    @BeforeAll
    static void start() {
        broker = TestBroker.start(Map.of(
                "wellspring.groups.initial-rebalance-delay", "0s",
                "wellspring.groups.lag-interval", "100ms",
                "wellspring.log.cleaner.backoff", "50ms"));
        admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
    }

    @AfterAll
    static void stop() {
        admin.close();
        broker.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void lagIsWhatAReaderFinds(String protocol) throws Exception {
        String group = "behind-" + protocol;
        Map<TopicPartition, OffsetAndMetadata> committed = new HashMap<>();
        plain(protocol + "-plain", committed);
        changedTimes(protocol + "-appended", protocol + "-future", committed);
        cut(protocol + "-cut", committed);
        compacted(protocol + "-compacted", committed);
        commitAsMember(protocol, group, committed);

        LagByReading lag = new LagByReading(broker.bootstrapServers(), broker.managementUrl());
        Map<TopicPartition, Found> found = lag.check(group, protocol);
        lag.checkMeters(group, found);

        assertThat(found.keySet()).isEqualTo(committed.keySet());
        assertThat(found.get(new TopicPartition(protocol + "-plain", 1)))
                .satisfies(one -> assertThat(one.records()).isEqualTo(17));
        assertThat(found.get(new TopicPartition(protocol + "-cut", 0)))
                .satisfies(one -> assertThat(one.records()).isEqualTo(5));
        assertThat(found.get(new TopicPartition(protocol + "-compacted", 0)))
                .satisfies(one -> assertThat(one.records()).isLessThan(one.offsets()));
    }

    /** Nothing read, stopped inside a compressed batch, all read, further than there is. */
    private static void plain(String topic, Map<TopicPartition, OffsetAndMetadata> committed) {
        JavaClients.createTopics(broker.bootstrapServers(), List.of(new NewTopic(topic, 4, (short) 1)));
        for (int partition = 0; partition < 4; partition++) {
            for (int batch = 0; batch < 2; batch++) {
                send(topic, partition, HOUR_AGO_MS + batch * 60_000L, 0, BATCH);
            }
        }
        commit(committed, topic, 0, 0);
        commit(committed, topic, 1, 3);
        commit(committed, topic, 2, 20);
        commit(committed, topic, 3, 25);
    }

    /** One whose times the broker sets, one whose records come from the future. */
    private static void changedTimes(String appended, String future, Map<TopicPartition, OffsetAndMetadata> committed) {
        JavaClients.createTopics(
                broker.bootstrapServers(),
                List.of(
                        new NewTopic(appended, 1, (short) 1).configs(Map.of("message.timestamp.type", "LogAppendTime")),
                        new NewTopic(future, 1, (short) 1)));
        send(appended, 0, HOUR_AGO_MS, 0, BATCH);
        send(future, 0, System.currentTimeMillis() + Duration.ofMinutes(30).toMillis(), 0, BATCH);
        commit(committed, appended, 0, 4);
        commit(committed, future, 0, 4);
    }

    /** What was not read has been deleted, and some that was not. */
    private static void cut(String topic, Map<TopicPartition, OffsetAndMetadata> committed)
            throws ExecutionException, InterruptedException {
        JavaClients.createTopics(broker.bootstrapServers(), List.of(new NewTopic(topic, 1, (short) 1)));
        send(topic, 0, HOUR_AGO_MS, 0, 2 * BATCH);
        admin.deleteRecords(Map.of(new TopicPartition(topic, 0), RecordsToDelete.beforeOffset(15)))
                .all()
                .get();
        commit(committed, topic, 0, 2);
    }

    /** The rest of the batch in which the group stopped has been taken out of it. */
    private static void compacted(String topic, Map<TopicPartition, OffsetAndMetadata> committed) {
        NewTopic compacted = new NewTopic(topic, 1, (short) 1)
                .configs(Map.of(
                        "cleanup.policy", "compact",
                        "min.cleanable.dirty.ratio", "0.01",
                        "segment.ms", "1000"));
        JavaClients.createTopics(broker.bootstrapServers(), List.of(compacted));
        send(topic, 0, HOUR_AGO_MS, 0, BATCH);
        send(topic, 0, HOUR_AGO_MS + 60_000, BATCH / 2, BATCH);
        send(topic, 0, HOUR_AGO_MS + 120_000, 0, 1);
        commit(committed, topic, 0, 6);
        await().atMost(LIMIT).until(() -> {
            try (KafkaConsumer<byte[], byte[]> reader =
                    JavaClients.consumer(broker.bootstrapServers(), topic, 1, Map.of())) {
                List<Long> offsets = new ArrayList<>();
                JavaClients.readToEnd(reader, record -> offsets.add(record.offset()));
                return !offsets.contains(7L);
            }
        });
    }

    private static void commit(
            Map<TopicPartition, OffsetAndMetadata> committed, String topic, int partition, long offset) {
        committed.put(new TopicPartition(topic, partition), new OffsetAndMetadata(offset));
    }

    /** One batch: the keys from the first to before the last, a second apart. */
    private static void send(String topic, int partition, long timestampMs, int firstKey, int endKey) {
        Map<String, String> oneBatch = Map.of("linger.ms", "60000", "compression.type", "gzip");
        try (KafkaProducer<byte[], byte[]> producer = JavaClients.producer(broker.bootstrapServers(), oneBatch)) {
            for (int i = firstKey; i < endKey; i++) {
                var _ = producer.send(new ProducerRecord<>(
                        topic,
                        partition,
                        timestampMs + (i - firstKey) * 1000L,
                        ("key" + i).getBytes(StandardCharsets.UTF_8),
                        new byte[10]));
            }
            producer.flush();
        }
    }

    /** Only a member makes a group of its type. */
    private static void commitAsMember(
            String protocol, String group, Map<TopicPartition, OffsetAndMetadata> committed) {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers",
                broker.bootstrapServers(),
                "group.id",
                group,
                "group.protocol",
                protocol,
                "enable.auto.commit",
                "false");
        List<String> topics = committed.keySet().stream()
                .map(TopicPartition::topic)
                .distinct()
                .toList();
        try (KafkaConsumer<byte[], byte[]> member =
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            member.subscribe(topics);
            await().atMost(LIMIT).until(() -> {
                member.poll(Duration.ofMillis(100));
                return member.assignment().containsAll(committed.keySet());
            });
            member.commitSync(committed);
        }
    }
}
