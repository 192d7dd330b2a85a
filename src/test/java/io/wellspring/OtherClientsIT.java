package io.wellspring;

import static org.assertj.core.api.Assertions.assertThat;

import io.wellspring.testing.BrokerProcess;
import io.wellspring.testing.JavaClients;
import io.wellspring.testing.NeedsPackage;
import io.wellspring.testing.NumberedRecords;
import io.wellspring.testing.OtherClient;
import io.wellspring.testing.RecordLine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Clients of three families read what the others wrote, byte for byte and at the same offsets: the Java client, librdkafka, kafkajs. Records
 * have keys, headers and nulls and up to 1 MB.
 */
final class OtherClientsIT {
    /** One of them has the largest value. */
    private static final int COUNT = 5_100;

    private static final int PARTITIONS = 3;
    private static final NumberedRecords RECORDS = new NumberedRecords(PARTITIONS);

    @TempDir
    static Path directory;

    private static BrokerProcess broker;

    @BeforeAll
    static void startBroker() {
        // The records are years old, and the clients make topics without settings.
        broker = BrokerProcess.start(directory.resolve("data"), "--wellspring.topics.defaults.[retention.ms]=-1");
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    @NeedsPackage(
            value = "python3-confluent-kafka",
            provides = "/usr/lib/python3/dist-packages/confluent_kafka/__init__.py")
    @ParameterizedTest
    @ValueSource(strings = {"none", "gzip", "snappy", "lz4", "zstd"})
    void librdkafkaAndTheJavaClientReadEachOther(String codec) throws Exception {
        exchange(OtherClient.librdkafka(), "librdkafka-" + codec, codec, UnaryOperator.identity());
    }

    @NeedsPackage(value = "nodejs", provides = "node")
    @NeedsPackage(value = "npm", provides = "npm")
    @ParameterizedTest
    @ValueSource(strings = {"none", "gzip", "snappy", "lz4", "zstd"})
    void kafkaJsAndTheJavaClientReadEachOther(String codec) throws Exception {
        // kafkajs cannot send a header without a value.
        exchange(OtherClient.kafkaJs(), "kafkajs-" + codec, codec, line -> line.replace(":~", ":+"));
    }

    private static void exchange(OtherClient other, String topic, String codec, UnaryOperator<String> sendable)
            throws Exception {
        List<String> lines = LongStream.range(0, COUNT)
                .mapToObj(number -> RecordLine.of(RECORDS.record(topic, number), RECORDS.offset(number)))
                .toList();
        List<String> sent = lines.stream().map(sendable).toList();

        create(other, topic);
        other.run(sent, "produce", broker.bootstrapServers(), topic, codec);
        checkSame(readByJava(topic), sent);
        checkSame(readBy(other, topic), sent);

        String fromJava = topic + "-from-java";
        create(other, fromJava);
        writeByJava(fromJava, codec);
        checkSame(readBy(other, fromJava), lines);
        checkOffsets(other, fromJava);
    }

    private static void create(OtherClient other, String topic) throws IOException {
        assertThat(other.run(List.of(), "create", broker.bootstrapServers(), topic, Integer.toString(PARTITIONS)))
                .containsExactly(Integer.toString(PARTITIONS));
    }

    private static List<String> readBy(OtherClient other, String topic) throws IOException {
        return other.run(List.of(), "consume", broker.bootstrapServers(), topic, Integer.toString(PARTITIONS));
    }

    private static List<String> readByJava(String topic) {
        List<String> lines = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer =
                JavaClients.consumer(broker.bootstrapServers(), topic, PARTITIONS, Map.of())) {
            JavaClients.readToEnd(consumer, record -> lines.add(RecordLine.of(record)));
        }
        return lines;
    }

    private static void writeByJava(String topic, String codec) throws Exception {
        List<Future<RecordMetadata>> acknowledged = new ArrayList<>();
        try (KafkaProducer<byte[], byte[]> producer =
                JavaClients.producer(broker.bootstrapServers(), Map.of("compression.type", codec))) {
            for (long number = 0; number < COUNT; number++) {
                acknowledged.add(producer.send(RECORDS.record(topic, number)));
            }
        }
        for (Future<RecordMetadata> one : acknowledged) {
            one.get();
        }
    }

    /** Ends and an offset by time as the other client is told them. */
    private static void checkOffsets(OtherClient other, String topic) throws IOException {
        long middle = RECORDS.record(topic, COUNT / 2).timestamp();
        List<String> expected = new ArrayList<>();
        for (int partition = 0; partition < PARTITIONS; partition++) {
            int it = partition;
            long end = LongStream.range(0, COUNT)
                    .filter(number -> RECORDS.partition(number) == it)
                    .count();
            long found = LongStream.range(0, COUNT)
                    .filter(number -> RECORDS.partition(number) == it
                            && RECORDS.record(topic, number).timestamp() >= middle)
                    .map(RECORDS::offset)
                    .min()
                    .orElseThrow();
            expected.add(partition + " 0 " + end + " " + found);
        }
        assertThat(other.run(
                        List.of(),
                        "offsets",
                        broker.bootstrapServers(),
                        topic,
                        Integer.toString(PARTITIONS),
                        Long.toString(middle)))
                .containsExactlyInAnyOrderElementsOf(expected);
    }

    /** The same records in the same order in each partition. */
    private static void checkSame(List<String> found, List<String> expected) {
        for (int partition = 0; partition < PARTITIONS; partition++) {
            List<String> foundThere = of(partition, found);
            List<String> expectedThere = of(partition, expected);
            assertThat(foundThere).as("partition %d", partition).hasSameSizeAs(expectedThere);
            for (int i = 0; i < foundThere.size(); i++) {
                assertThat(foundThere.get(i)).isEqualTo(expectedThere.get(i));
            }
        }
    }

    private static List<String> of(int partition, List<String> lines) {
        return lines.stream().filter(line -> line.startsWith(partition + " ")).toList();
    }
}
