package io.wellspring;

import static org.assertj.core.api.Assertions.assertThat;

import io.wellspring.testing.BrokerProcess;
import io.wellspring.testing.JavaClients;
import io.wellspring.testing.KafkaTools;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Kafka's own tools about groups, each a process against the packaged broker. */
final class GroupToolsIT {
    @TempDir
    private static Path data;

    private static BrokerProcess broker;
    private static String bootstrap;

    @BeforeAll
    static void startBroker() throws IOException {
        broker = BrokerProcess.start(data, "--wellspring.groups.initial-rebalance-delay=0s");
        bootstrap = broker.bootstrapServers();
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void groupsAreListedDescribedResetAndDeleted(String protocol) throws IOException, InterruptedException {
        String topic = "read-by-" + protocol;
        String group = "tools-" + protocol;
        JavaClients.createTopics(bootstrap, List.of(new NewTopic(topic, 2, (short) 1)));
        send(topic, 10);
        AtomicBoolean stop = new AtomicBoolean();
        CountDownLatch assigned = new CountDownLatch(1);
        ExecutorService member = Executors.newSingleThreadExecutor();
        try {
            member.execute(() -> consume(protocol, topic, group, assigned, stop));
            assigned.await();

            assertThat(groups("--list").lines()).contains(group);
            assertThat(groups("--describe", "--group", group, "--state"))
                    .containsPattern(group + "\\s+127.0.0.1:\\d+ +\\(1\\).*Stable\\s+1");
            assertThat(groups("--describe", "--group", group, "--members"))
                    .containsPattern(group + "\\s+\\S+\\s+/127.0.0.1\\s+consumer-" + group);
            assertThat(KafkaTools.run(KafkaTools.GROUPS, "--bootstrap-server", bootstrap, "--list")
                            .output())
                    .containsPattern(group + "\\s+" + (protocol.equals("classic") ? "Classic" : "Consumer"));
            assertThat(KafkaTools.run(
                                    KafkaTools.CONSUMER_GROUPS,
                                    "--bootstrap-server",
                                    bootstrap,
                                    "--delete",
                                    "--group",
                                    group)
                            .output())
                    .contains("GroupNotEmptyException");
        } finally {
            stop.set(true);
            member.close();
        }
        assertThat(groups("--describe", "--group", group))
                .containsPattern(group + "\\s+" + topic + "\\s+0\\s+5\\s+5\\s+0\\s");
        assertThat(groups("--reset-offsets", "--group", group, "--topic", topic, "--to-offset", "3", "--execute"))
                .containsPattern(group + "\\s+" + topic + "\\s+1\\s+3");
        assertThat(groups("--describe", "--group", group))
                .containsPattern(group + "\\s+" + topic + "\\s+0\\s+3\\s+5\\s+2\\s");
        assertThat(groups("--delete-offsets", "--group", group, "--topic", topic + ":1"))
                .contains("Successful");
        assertThat(groups("--delete", "--group", group)).contains("was successful");
        assertThat(groups("--list").lines()).doesNotContain(group);
    }

    private static void consume(
            String protocol, String topic, String group, CountDownLatch assigned, AtomicBoolean stop) {
        Map<String, Object> settings = new HashMap<>();
        settings.put("bootstrap.servers", bootstrap);
        settings.put("group.id", group);
        settings.put("group.protocol", protocol);
        settings.put("auto.offset.reset", "earliest");
        settings.put("enable.auto.commit", "false");
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.subscribe(List.of(topic));
            int count = 0;
            while (!stop.get()) {
                count += consumer.poll(Duration.ofMillis(100)).count();
                if (count == 10 && assigned.getCount() > 0) {
                    consumer.commitSync();
                    assigned.countDown();
                }
            }
        }
    }

    private static String groups(String... arguments) throws IOException {
        String[] all = new String[arguments.length + 2];
        all[0] = "--bootstrap-server";
        all[1] = bootstrap;
        System.arraycopy(arguments, 0, all, 2, arguments.length);
        var result = KafkaTools.run(KafkaTools.CONSUMER_GROUPS, all);
        assertThat(result.exitCode()).as(result.output()).isZero();
        return result.output();
    }

    private static void send(String topic, int count) {
        try (KafkaProducer<byte[], byte[]> producer = JavaClients.producer(bootstrap, Map.of())) {
            for (int i = 0; i < count; i++) {
                var _ = producer.send(new ProducerRecord<>(
                        topic, i % 2, null, Integer.toString(i).getBytes(StandardCharsets.UTF_8)));
            }
        }
    }
}
