package io.wellspring;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.wellspring.testing.BrokerProcess;
import io.wellspring.testing.FreePort;
import io.wellspring.testing.JavaClients;
import io.wellspring.testing.SideProgram;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;

/**
 * An application of Spring Kafka that was written for Kafka works unchanged: listeners with several threads, topics for later attempts and for dead
 * letters, batches, request and reply. It goes on by itself when its broker was killed, and where it had committed when it was killed itself.
 */
final class SpringKafkaIT {
    private static final int PARTITIONS = 6;
    private static final int PAYMENT_PARTITIONS = 3;
    private static final int THREADS = 3;
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final String EXCEPTION = "java.lang.IllegalArgumentException";

    @TempDir
    static Path directory;

    private static SideProgram.Compiled program;

    /** Orders that were acknowledged, with where they lie. */
    private final Map<String, RecordMetadata> written = new LinkedHashMap<>();

    private String address = "";

    @BeforeAll
    static void compile() throws IOException {
        LoggingSystem.get(SpringKafkaIT.class.getClassLoader()).setLogLevel("org.apache.kafka", LogLevel.OFF);
        SideProgram.Compiled classes =
                SideProgram.compile("spring-kafka", "orders.OrdersApplication", directory.resolve("classes"));
        // Its settings lie beside its sources.
        program = new SideProgram.Compiled(
                classes.mainClass(), "src/test/programs/spring-kafka" + File.pathSeparator + classes.classPath());
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void anApplicationWorksUnchangedAndGoesOnAfterEveryCrash(String protocol) throws Exception {
        address = FreePort.forAllRestarts(new SplittableRandom());
        BrokerProcess first = startBroker(protocol);
        try (first;
                SideProgram application = startApplication(protocol)) {
            await().atMost(LIMIT)
                    .ignoreExceptionsInstanceOf(ExecutionException.class)
                    .until(() -> OrdersFacts.of(application).isStarted()
                            && sharesOfThreads().size() == THREADS);
            worksUndisturbed(application);

            write("before-broker-kill", 300);
            first.kill();
            try (BrokerProcess second = startBroker(protocol)) {
                write("after-broker-kill", 300);
                await().atMost(LIMIT).pollInterval(POLL).untilAsserted(() -> allIsDone(application));

                write("killed", 2_400);
                await().atMost(LIMIT).until(() -> countOf(application, "killed") > 500);
                application.kill();
                assertThat(countOf(application, "killed")).isLessThan(2_400);
                goesOnWhereItCommitted(protocol);
                assertThat(second.output()).doesNotContain(" ERROR ");
            }
        }
    }

    /** Nothing happens to the groups, so everything is handled once. */
    private void worksUndisturbed(SideProgram application) throws Exception {
        assertThat(sharesOfThreads()).containsOnly(PARTITIONS / THREADS);
        write("quiet", 300);
        List<String> payments = writePayments(200);
        await().atMost(LIMIT).pollInterval(POLL).untilAsserted(() -> allIsDone(application));
        OrdersFacts facts = OrdersFacts.of(application);
        assertThat(facts.answers()).containsExactly("answer ink costs 3", "answer paper costs 5");
        assertThat(values("receipts", 1)).containsExactlyInAnyOrderElementsOf(withReceipt());
        assertThat(facts.deadLetters()).containsExactlyInAnyOrderElementsOf(poisoned());
        Map<String, List<String>> tried = facts.topicsTried();
        assertThat(tried.keySet()).isEqualTo(written.keySet());
        tried.forEach((order, topics) -> assertThat(topics).as(order).containsExactly(topicsFor(order)));
        assertThat(facts.attempts().stream()
                        .filter(attempt -> attempt.topic().equals("orders"))
                        .map(OrdersFacts.Attempt::thread)
                        .distinct())
                .hasSize(THREADS);
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(OrdersFacts.of(application).payments())
                        .containsExactlyInAnyOrderElementsOf(payments));
        assertThat(OrdersFacts.of(application).largestBatch()).isGreaterThan(1);
        await().atMost(LIMIT)
                .until(() -> committed("payments").values().stream()
                                .mapToLong(Long::longValue)
                                .sum()
                        == payments.size());
        deadLettersSayWhereTheyCameFrom();
    }

    private static String[] topicsFor(String order) {
        if (order.startsWith("poison")) {
            return new String[] {"orders 1", "orders-retry-200 2", "orders-retry-400 3"};
        }
        return order.startsWith("flaky") ? new String[] {"orders 1", "orders-retry-200 2"} : new String[] {"orders 1"};
    }

    private void deadLettersSayWhereTheyCameFrom() {
        List<ConsumerRecord<byte[], byte[]>> dead = records("orders-dlt", PARTITIONS);
        assertThat(dead).hasSameSizeAs(poisoned());
        for (ConsumerRecord<byte[], byte[]> letter : dead) {
            String value = new String(letter.value(), UTF_8);
            RecordMetadata origin = requireNonNull(written.get(value), value);
            assertThat(new String(letter.key(), UTF_8)).isEqualTo("key-" + value);
            assertThat(text(letter, "kafka_original-topic")).isEqualTo("orders");
            assertThat(bytes(letter, "kafka_original-partition").getInt()).isEqualTo(origin.partition());
            assertThat(bytes(letter, "kafka_original-offset").getLong()).isEqualTo(origin.offset());
            assertThat(bytes(letter, "kafka_original-timestamp").getLong()).isEqualTo(origin.timestamp());
            assertThat(text(letter, "kafka_dlt-original-consumer-group")).isEqualTo("orders");
            assertThat(text(letter, "kafka_exception-cause-fqcn")).isEqualTo(EXCEPTION);
            assertThat(text(letter, "kafka_exception-message")).contains("cannot be handled: " + value);
            // Spring Kafka numbers the delivery to come: this one is behind the three attempts.
            assertThat(bytes(letter, "retry_topic-attempts").getInt()).isEqualTo(4);
        }
    }

    private static ByteBuffer bytes(ConsumerRecord<byte[], byte[]> letter, String header) {
        return ByteBuffer.wrap(letter.headers().lastHeader(header).value());
    }

    private static String text(ConsumerRecord<byte[], byte[]> letter, String header) {
        return UTF_8.decode(bytes(letter, header)).toString();
    }

    private void goesOnWhereItCommitted(String protocol) throws Exception {
        // Once the broker has given up the dead members nothing of what they had sent can still be on its way.
        await().atMost(LIMIT).until(() -> describe("orders").groupState() == GroupState.EMPTY);
        Map<Integer, Long> committed = committed("orders");
        try (SideProgram again = startApplication(protocol)) {
            await().atMost(LIMIT).pollInterval(POLL).untilAsserted(() -> allIsDone(again));
            committed.values().removeAll(List.of((long) written.size() / PARTITIONS));
            assertThat(OrdersFacts.of(again).firstOffsets("orders")).isEqualTo(committed);
            assertThat(new HashSet<>(values("orders-dlt", PARTITIONS))).isEqualTo(new HashSet<>(poisoned()));
            again.stop();
        }
    }

    /** Every order has its receipt or lies with the dead letters, and the application has not given up. */
    private void allIsDone(SideProgram application) {
        application.requireAlive();
        assertThat(new HashSet<>(values("receipts", 1))).isEqualTo(new HashSet<>(withReceipt()));
        assertThat(new HashSet<>(values("orders-dlt", PARTITIONS))).isEqualTo(new HashSet<>(poisoned()));
    }

    private static long countOf(SideProgram application, String stage) {
        return OrdersFacts.of(application).attempts().stream()
                .filter(attempt ->
                        attempt.topic().equals("orders") && attempt.value().contains("-" + stage + "-"))
                .count();
    }

    private List<String> poisoned() {
        return written.keySet().stream()
                .filter(order -> order.startsWith("poison"))
                .toList();
    }

    private List<String> withReceipt() {
        return written.keySet().stream()
                .filter(order -> !order.startsWith("poison"))
                .toList();
    }

    /** Writes orders, the same number to each partition: of each hundred some that always fail and some that fail once. */
    private void write(String stage, int count) throws Exception {
        Map<String, Future<RecordMetadata>> sent = new LinkedHashMap<>();
        try (KafkaProducer<byte[], byte[]> producer = JavaClients.producer(address, Map.of())) {
            for (int i = 0; i < count; i++) {
                String kind = switch (i % 100) {
                    case 7, 8 -> "poison";
                    case 41, 42 -> "flaky";
                    default -> "order";
                };
                String value = kind + "-" + stage + "-" + i;
                sent.put(
                        value,
                        producer.send(new ProducerRecord<>(
                                "orders", i % PARTITIONS, ("key-" + value).getBytes(UTF_8), value.getBytes(UTF_8))));
            }
        }
        for (Map.Entry<String, Future<RecordMetadata>> one : sent.entrySet()) {
            written.put(one.getKey(), one.getValue().get());
        }
    }

    private List<String> writePayments(int count) throws Exception {
        List<String> payments = new ArrayList<>();
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        try (KafkaProducer<byte[], byte[]> producer = JavaClients.producer(address, Map.of())) {
            for (int i = 0; i < count; i++) {
                payments.add("payment-" + i);
                sent.add(producer.send(new ProducerRecord<>(
                        "payments",
                        i % PAYMENT_PARTITIONS,
                        null,
                        payments.get(i).getBytes(UTF_8))));
            }
        }
        for (Future<RecordMetadata> one : sent) {
            one.get();
        }
        return payments;
    }

    private List<String> values(String topic, int partitions) {
        return records(topic, partitions).stream()
                .map(record -> new String(record.value(), UTF_8))
                .toList();
    }

    private List<ConsumerRecord<byte[], byte[]>> records(String topic, int partitions) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = JavaClients.consumer(address, topic, partitions, Map.of())) {
            JavaClients.readToEnd(consumer, records::add);
        }
        return records;
    }

    private ConsumerGroupDescription describe(String group) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", address))) {
            return requireNonNull(
                    admin.describeConsumerGroups(List.of(group)).all().get().get(group));
        }
    }

    /** How many partitions each member of the group of the orders has. */
    private List<Integer> sharesOfThreads() throws Exception {
        Set<TopicPartition> owned = new HashSet<>();
        List<Integer> shares = describe("orders").members().stream()
                .map(member -> member.assignment().topicPartitions())
                .filter(partitions -> !partitions.isEmpty() && owned.addAll(partitions))
                .map(Set::size)
                .toList();
        return owned.size() == PARTITIONS ? shares : List.of();
    }

    private Map<Integer, Long> committed(String group) throws Exception {
        Map<Integer, Long> offsets = new TreeMap<>();
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", address))) {
            admin.listConsumerGroupOffsets(group)
                    .partitionsToOffsetAndMetadata()
                    .get()
                    .forEach((partition, offset) -> offsets.put(partition.partition(), offset.offset()));
        }
        return offsets;
    }

    private BrokerProcess startBroker(String protocol) {
        return BrokerProcess.start(BrokerProcess.Start.in(
                        directory.resolve("data-" + protocol),
                        "--wellspring.network.listeners[0].bind=" + address,
                        "--wellspring.groups.initial-rebalance-delay=0s",
                        "--wellspring.groups.offsets-topic-partitions=4",
                        "--wellspring.groups.kafka.[group.consumer.min.session.timeout.ms]=6000",
                        "--wellspring.groups.kafka.[group.consumer.session.timeout.ms]=6000",
                        "--wellspring.groups.kafka.[group.consumer.min.heartbeat.interval.ms]=500",
                        "--wellspring.groups.kafka.[group.consumer.heartbeat.interval.ms]=500")
                .jvm("-Xmx192m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    }

    private SideProgram startApplication(String protocol) throws IOException {
        Map<String, String> consumer = new HashMap<>(Map.of("group.protocol", protocol));
        if (protocol.equals("classic")) {
            // Of the other protocol's members the broker says how long they may be silent.
            consumer.put("session.timeout.ms", "6000");
        }
        List<String> arguments = new ArrayList<>(List.of("--spring.kafka.bootstrap-servers=" + address));
        consumer.forEach((name, value) -> arguments.add("--spring.kafka.consumer.properties." + name + "=" + value));
        return program.start(List.of("-Xmx192m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"), arguments);
    }
}
