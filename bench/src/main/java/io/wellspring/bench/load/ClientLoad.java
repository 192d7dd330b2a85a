package io.wellspring.bench.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Load by Kafka's own producer and consumer with their defaults: what an application sees. The first failure ends it with an
 * exception.
 */
public final class ClientLoad {
    private static final long LOOK_NANOS = 50_000;
    private static final Duration POLL = Duration.ofMillis(200);
    private static final long LATE_NANOS = Duration.ofMinutes(1).toNanos();

    private final Map<String, Object> connection;
    private final Topic topic;
    private final int recordSizeBytes;

    /**
     * A load on a topic.
     *
     * @param connection the settings that clients need to connect
     * @param recordSizeBytes of each value, at least 8
     */
    public ClientLoad(Map<String, Object> connection, Topic topic, int recordSizeBytes) {
        this.connection = connection;
        this.topic = topic;
        this.recordSizeBytes = recordSizeBytes;
    }

    /**
     * Sends so many records as fast as the producer lets.
     *
     * @param lingerMs how long the producer may hold a batch back
     * @return nanoseconds until the last is acknowledged
     */
    public long send(long recordCount, int lingerMs) throws IOException {
        AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
        byte[] value = new EventText(0).next(recordSizeBytes);
        long begin = System.nanoTime();
        try (KafkaProducer<byte[], byte[]> producer = producer(lingerMs)) {
            for (long i = 0; i < recordCount && failure.get() == null; i++) {
                send(producer, record(i, value), failure);
            }
            producer.flush();
        }
        check(failure);
        return System.nanoTime() - begin;
    }

    /**
     * Reads so many records from the beginning.
     *
     * @return nanoseconds until the last is there
     */
    public long read(long recordCount) throws IOException {
        long begin = System.nanoTime();
        try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
            long lastProgress = begin;
            long readCount = 0;
            while (readCount < recordCount) {
                int count = consumer.poll(POLL).count();
                readCount += count;
                if (count > 0) {
                    lastProgress = System.nanoTime();
                } else if (System.nanoTime() - lastProgress > LATE_NANOS) {
                    throw new IOException("read only " + readCount + " of " + recordCount + " records");
                }
            }
        }
        return System.nanoTime() - begin;
    }

    /**
     * Sends at fixed moments, holding nothing back, and reads what was sent: the time from the moment intended to when the consumer has the record.
     *
     * @param warmUp at the beginning, not counted
     * @return from the moment intended to when the consumer had it
     */
    public Latencies endToEnd(double recordsPerSecond, Duration warmUp, Duration duration) throws IOException {
        long warmUpCount = (long) (recordsPerSecond * warmUp.toNanos() / 1e9);
        long count = warmUpCount + Math.max(1, (long) (recordsPerSecond * duration.toNanos() / 1e9));
        AtomicLong readCount = new AtomicLong();
        try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
            // It waits for data at the end before the first record is sent.
            consumer.poll(POLL);
            try (Beside<Long> sending = Beside.start("send", () -> sendPaced(recordsPerSecond, count))) {
                Latencies latencies = new Latencies();
                long lastProgress = System.nanoTime();
                while (readCount.get() < count) {
                    for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                        long now = System.nanoTime();
                        lastProgress = now;
                        if (readCount.getAndIncrement() >= warmUpCount) {
                            long intended = ByteBuffer.wrap(record.value()).getLong();
                            latencies.add(intended, now - intended);
                        }
                    }
                    if (sending.isOver()) {
                        sending.result();
                    }
                    if (System.nanoTime() - lastProgress > LATE_NANOS) {
                        throw new IOException("read only " + readCount + " of " + count + " records");
                    }
                }
                sending.result();
                return latencies;
            }
        }
    }

    private long sendPaced(double recordsPerSecond, long count) throws IOException {
        AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
        byte[] text = new EventText(0).next(recordSizeBytes);
        double interval = 1e9 / recordsPerSecond;
        try (KafkaProducer<byte[], byte[]> producer = producer(0)) {
            // The first send waits for metadata: that is no part of any latency.
            producer.partitionsFor(topic.name());
            long begin = System.nanoTime();
            for (long i = 0; i < count && failure.get() == null; i++) {
                long intended = begin + (long) (i * interval);
                while (System.nanoTime() < intended) {
                    LockSupport.parkNanos(Math.min(LOOK_NANOS, intended - System.nanoTime()));
                }
                byte[] value = text.clone();
                ByteBuffer.wrap(value).putLong(intended);
                send(producer, record(i, value), failure);
            }
            producer.flush();
        }
        check(failure);
        return count;
    }

    private static void send(
            KafkaProducer<byte[], byte[]> producer,
            ProducerRecord<byte[], byte[]> record,
            AtomicReference<@Nullable Exception> failure) {
        // The callback hears all that the future would tell.
        Future<RecordMetadata> _ = producer.send(record, (_, error) -> failure.compareAndSet(null, error));
    }

    private ProducerRecord<byte[], byte[]> record(long index, byte[] value) {
        return new ProducerRecord<>(topic.name(), (int) (index % topic.partitionCount()), null, value);
    }

    private static void check(AtomicReference<@Nullable Exception> failure) throws IOException {
        Exception error = failure.get();
        if (error != null) {
            throw new IOException("a record was refused", error);
        }
    }

    private KafkaProducer<byte[], byte[]> producer(int lingerMs) {
        Map<String, Object> settings = new HashMap<>(connection);
        settings.put(ProducerConfig.LINGER_MS_CONFIG, lingerMs);
        return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** Of all partitions, from the beginning. */
    private KafkaConsumer<byte[], byte[]> consumer() {
        Map<String, Object> settings = new HashMap<>(connection);
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        List<TopicPartition> partitions = IntStream.range(0, topic.partitionCount())
                .mapToObj(i -> new TopicPartition(topic.name(), i))
                .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        return consumer;
    }
}
