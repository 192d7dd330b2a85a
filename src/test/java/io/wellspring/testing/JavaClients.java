package io.wellspring.testing;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** The Java client with its default settings: bytes in, bytes out, partitions assigned by hand. */
public final class JavaClients {
    /** So many polls of a second without a record, and the test has failed. */
    private static final int EMPTY_POLLS_MOST = 60;

    private JavaClients() {}

    public static KafkaProducer<byte[], byte[]> producer(String bootstrap, Map<String, String> settings) {
        return new KafkaProducer<>(with(bootstrap, settings), new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** A consumer that stands at the beginning of all partitions of a topic. */
    public static KafkaConsumer<byte[], byte[]> consumer(
            String bootstrap, String topic, int partitions, Map<String, String> settings) {
        KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                with(bootstrap, settings), new ByteArrayDeserializer(), new ByteArrayDeserializer());
        List<TopicPartition> all = IntStream.range(0, partitions)
                .mapToObj(partition -> new TopicPartition(topic, partition))
                .toList();
        consumer.assign(all);
        consumer.seekToBeginning(all);
        return consumer;
    }

    private static Map<String, Object> with(String bootstrap, Map<String, String> settings) {
        Map<String, Object> all = new HashMap<>(settings);
        all.put("bootstrap.servers", bootstrap);
        return all;
    }

    /**
     * Reads all assigned partitions up to their present ends.
     *
     * @return the ends
     */
    public static Map<TopicPartition, Long> readToEnd(
            KafkaConsumer<byte[], byte[]> consumer, Consumer<ConsumerRecord<byte[], byte[]>> each) {
        Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
        int emptyPolls = 0;
        while (!isAt(consumer, ends)) {
            ConsumerRecords<byte[], byte[]> records = consumer.poll(Duration.ofSeconds(1));
            emptyPolls = records.isEmpty() ? emptyPolls + 1 : 0;
            if (emptyPolls > EMPTY_POLLS_MOST) {
                throw new AssertionError("nothing comes any more before the ends " + ends);
            }
            records.forEach(each);
        }
        return ends;
    }

    private static boolean isAt(KafkaConsumer<byte[], byte[]> consumer, Map<TopicPartition, Long> ends) {
        return ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
    }

    public static void createTopics(String bootstrap, Collection<NewTopic> topics) {
        try (Admin admin = Admin.create(with(bootstrap, Map.of()))) {
            admin.createTopics(topics).all().get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (ExecutionException e) {
            throw new AssertionError(e);
        }
    }
}
