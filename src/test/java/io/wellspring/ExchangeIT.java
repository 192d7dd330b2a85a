package io.wellspring;

import static org.assertj.core.api.Assertions.assertThat;

import io.wellspring.testing.BrokerProcess;
import io.wellspring.testing.JavaClients;
import io.wellspring.testing.NumberedRecords;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the Java client writes with its default settings comes back: the same bytes in the same order, without gap or duplicate.
 * {@code -Dtest.exchange.records} says how many records per codec.
 */
final class ExchangeIT {
    private static final long COUNT = Long.getLong("test.exchange.records", 100_000L);
    private static final int PARTITIONS = 4;
    private static final NumberedRecords RECORDS = new NumberedRecords(PARTITIONS);

    @TempDir
    static Path directory;

    private static BrokerProcess broker;

    @BeforeAll
    static void startBroker() {
        broker = BrokerProcess.start(directory.resolve("data"));
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "gzip", "snappy", "lz4", "zstd"})
    void whatIsWrittenIsReadByteForByte(String codec) {
        String topic = "exchange-" + codec;
        // The records are years old.
        JavaClients.createTopics(
                broker.bootstrapServers(),
                List.of(new NewTopic(topic, PARTITIONS, (short) 1).configs(Map.of("retention.ms", "-1"))));

        write(topic, codec);

        long[] next = new long[PARTITIONS];
        try (KafkaConsumer<byte[], byte[]> consumer =
                JavaClients.consumer(broker.bootstrapServers(), topic, PARTITIONS, Map.of())) {
            Map<TopicPartition, Long> ends = JavaClients.readToEnd(consumer, found -> {
                if (found.offset() != next[found.partition()]) {
                    throw new AssertionError("gap or duplicate: " + found.offset() + " instead of "
                            + next[found.partition()] + " in partition " + found.partition());
                }
                next[found.partition()]++;
                RECORDS.check(found);
            });
            for (int partition = 0; partition < PARTITIONS; partition++) {
                long expected = (COUNT + PARTITIONS - 1 - partition) / PARTITIONS;
                assertThat(next[partition])
                        .as("records read from partition %d", partition)
                        .isEqualTo(expected);
                assertThat(ends).containsEntry(new TopicPartition(topic, partition), expected);
            }
        }
    }

    /** Every record must be acknowledged with the offset that its number has. */
    private static void write(String topic, String codec) {
        AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        try (KafkaProducer<byte[], byte[]> producer =
                JavaClients.producer(broker.bootstrapServers(), Map.of("compression.type", codec))) {
            for (long i = 0; i < COUNT && failure.get() == null; i++) {
                long number = i;
                var _ = producer.send(RECORDS.record(topic, number), (place, error) -> {
                    if (error != null) {
                        failure.compareAndSet(null, error);
                    } else if (place.offset() != RECORDS.offset(number)) {
                        failure.compareAndSet(
                                null, new AssertionError("record " + number + " acknowledged at " + place));
                    }
                });
            }
            producer.flush();
        }
        assertThat(failure.get()).isNull();
    }
}
