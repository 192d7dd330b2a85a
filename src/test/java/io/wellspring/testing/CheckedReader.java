package io.wellspring.testing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads a topic with a consumer of its own and has a {@link WriteHistory} judge every record. */
public final class CheckedReader {
    private static final Duration QUIET_LIMIT = Duration.ofSeconds(60);

    private final String topic;
    private final WriteHistory history;
    private final Function<String, Consumer<byte[], byte[]>> consumers;

    public CheckedReader(String topic, WriteHistory history) {
        this(topic, history, CheckedReader::consumer);
    }

    /** @param consumers makes one for these bootstrap servers */
    CheckedReader(String topic, WriteHistory history, Function<String, Consumer<byte[], byte[]>> consumers) {
        this.topic = topic;
        this.history = history;
        this.consumers = consumers;
    }

    /** Reads everything again. */
    public void readAll(String bootstrapServers) {
        read(bootstrapServers, allPartitions(), true);
    }

    /** Reads what was not read yet. */
    public void readNew(String bootstrapServers) {
        read(bootstrapServers, allPartitions(), false);
    }

    /** Reads these partitions from their beginning. */
    public void readAll(String bootstrapServers, List<Integer> partitions) {
        read(bootstrapServers, partitions, true);
    }

    private List<Integer> allPartitions() {
        return IntStream.range(0, history.partitionCount()).boxed().toList();
    }

    private void read(String bootstrapServers, List<Integer> numbers, boolean fromStart) {
        Map<Integer, Long> acknowledged = new HashMap<>();
        numbers.forEach(number -> acknowledged.put(number, history.acknowledgedEnd(number)));
        List<TopicPartition> partitions = new ArrayList<>();
        numbers.forEach(number -> partitions.add(new TopicPartition(topic, number)));
        try (Consumer<byte[], byte[]> consumer = consumers.apply(bootstrapServers)) {
            consumer.assign(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            for (TopicPartition partition : partitions) {
                int number = partition.partition();
                long end = ends.getOrDefault(partition, -1L);
                long promised = Math.max(acknowledged.getOrDefault(number, 0L), history.readEnd(number));
                if (end < promised) {
                    throw new AssertionError(
                            partition + " ends at " + end + ", but up to " + promised + " was acknowledged or read");
                }
                consumer.seek(partition, fromStart ? 0 : history.readEnd(number));
            }
            readUntil(consumer, ends);
        }
    }

    private void readUntil(Consumer<byte[], byte[]> consumer, Map<TopicPartition, Long> ends) {
        Map<TopicPartition, Long> left = new HashMap<>(ends);
        left.entrySet().removeIf(one -> consumer.position(one.getKey()) >= one.getValue());
        while (!left.isEmpty()) {
            Map<TopicPartition, Long> before = new HashMap<>();
            left.keySet().forEach(partition -> before.put(partition, consumer.position(partition)));
            var records = consumer.poll(QUIET_LIMIT);
            if (records.isEmpty()) {
                throw new AssertionError("nothing came within " + QUIET_LIMIT + " from " + before + " up to " + left);
            }
            Map<TopicPartition, Long> expected = new HashMap<>(before);
            for (ConsumerRecord<byte[], byte[]> record : records) {
                TopicPartition partition = new TopicPartition(record.topic(), record.partition());
                Long offset = expected.put(partition, record.offset() + 1);
                if (offset != null && offset != record.offset()) {
                    throw new AssertionError(partition + ": after " + offset + " comes " + record.offset());
                }
                history.read(record.partition(), record.offset(), CheckedValue.decode(record.value()));
            }
            left.entrySet().removeIf(one -> consumer.position(one.getKey()) >= one.getValue());
        }
    }

    private static Consumer<byte[], byte[]> consumer(String bootstrapServers) {
        return new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrapServers,
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        "none",
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        false,
                        ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                        5000,
                        ConsumerConfig.CHECK_CRCS_CONFIG,
                        true),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }
}
