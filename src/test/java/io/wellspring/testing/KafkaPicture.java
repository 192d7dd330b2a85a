package io.wellspring.testing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * Partitions that an Apache Kafka broker holds, and everything that it says of them while it still runs.
 *
 * @param byName what it says of each partition
 */
public record KafkaPicture(Map<String, Partition> byName) {
    private static final int PARTITIONS = 2;
    private static final int RECORDS = 2_400;
    private static final int TRANSACTION_RECORDS = 300;
    private static final int VALUE_BYTES = 2_000;
    private static final long FIRST_TIMESTAMP_MS = 1_700_000_000_000L;
    private static final String TRANSACTIONS = "transactions";
    private static final List<String> TOPICS = List.of("none", "gzip", "snappy", "lz4", "zstd", TRANSACTIONS);
    private static final String[] SETTINGS = {"transaction.state.log.num.partitions=1", "offsets.topic.num.partitions=1"
    };

    /**
     * One partition.
     *
     * @param lines its records, in order ({@link RecordLine})
     * @param byTime what it answers ({@link #answer}) who asks for the first record at or after a time
     * @param largest its answer about the record with the largest time
     * @param producers its producers ({@link #producer})
     */
    public record Partition(
            String name,
            long end,
            List<String> lines,
            Map<Long, String> byTime,
            String largest,
            List<String> producers) {}

    /** Lines for the broker's {@code server.properties}. */
    public static String[] settings() {
        return SETTINGS.clone();
    }

    /** Writes several segments per partition with idempotent and transactional producers, and asks about them. */
    public static KafkaPicture write(RealKafka kafka, boolean leavesOneOpen) throws Exception {
        JavaClients.createTopics(
                kafka.bootstrap(),
                TOPICS.stream()
                        .map(topic -> new NewTopic(topic, PARTITIONS, (short) 1)
                                .configs(Map.of("segment.bytes", "1048576", "retention.ms", "-1")))
                        .toList());
        for (String topic : TOPICS) {
            if (topic.equals(TRANSACTIONS)) {
                transact(kafka.bootstrap(), leavesOneOpen);
            } else {
                try (KafkaProducer<byte[], byte[]> producer =
                        JavaClients.producer(kafka.bootstrap(), patient(Map.of("compression.type", topic)))) {
                    send(producer, topic, 0, RECORDS);
                }
            }
        }
        return take(kafka.bootstrap());
    }

    /** Two in three are committed. */
    private static void transact(String bootstrap, boolean leavesOneOpen) throws Exception {
        int count = RECORDS / TRANSACTION_RECORDS;
        try (KafkaProducer<byte[], byte[]> producer =
                JavaClients.producer(bootstrap, patient(Map.of("transactional.id", "t", "compression.type", "lz4")))) {
            producer.initTransactions();
            for (int i = 0; i < count; i++) {
                producer.beginTransaction();
                send(producer, TRANSACTIONS, i * TRANSACTION_RECORDS, TRANSACTION_RECORDS);
                if (i % 3 == 1) {
                    producer.abortTransaction();
                } else {
                    producer.commitTransaction();
                }
            }
            if (leavesOneOpen) {
                producer.beginTransaction();
                send(producer, TRANSACTIONS, count * TRANSACTION_RECORDS, TRANSACTION_RECORDS);
                // Without time to do it in order it does not abort.
                producer.close(Duration.ZERO);
            }
        }
    }

    /** Kafka's broker may be slow beside other builds. */
    private static Map<String, String> patient(Map<String, String> settings) {
        Map<String, String> all = new HashMap<>(settings);
        all.put("request.timeout.ms", "120000");
        all.put("delivery.timeout.ms", "240000");
        return all;
    }

    /** Times go up and down. Returns when all is acknowledged. */
    private static void send(KafkaProducer<byte[], byte[]> producer, String topic, int from, int count)
            throws ExecutionException, InterruptedException {
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        Random random = new Random(topic.hashCode() + from);
        for (int i = from; i < from + count; i++) {
            byte[] value = new byte[VALUE_BYTES];
            random.nextBytes(value);
            // A third of it compresses.
            Arrays.fill(value, 0, VALUE_BYTES / 3, (byte) i);
            long timestampMs = FIRST_TIMESTAMP_MS + i * 10L + i * 7919L % 500;
            byte[] key = i % 5 == 0 ? null : new byte[] {(byte) i};
            sent.add(producer.send(
                    new ProducerRecord<>(topic, i % PARTITIONS, timestampMs, key, i % 11 == 0 ? null : value)));
        }
        producer.flush();
        for (Future<RecordMetadata> one : sent) {
            one.get();
        }
    }

    private static KafkaPicture take(String bootstrap) throws ExecutionException, InterruptedException {
        Map<String, Partition> byName = new TreeMap<>();
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            for (TopicPartition partition : all()) {
                Map<Long, String> byTime = new TreeMap<>();
                for (long i = -50; i < RECORDS + 100; i += 150) {
                    long timestampMs = FIRST_TIMESTAMP_MS + 10 * i + i % 7;
                    byTime.put(timestampMs, ask(admin, partition, OffsetSpec.forTimestamp(timestampMs)));
                }
                List<String> producers = admin
                        .describeProducers(List.of(partition))
                        .partitionResult(partition)
                        .get()
                        .activeProducers()
                        .stream()
                        .map(KafkaPicture::producer)
                        .toList();
                ListOffsetsResultInfo end = admin.listOffsets(Map.of(partition, OffsetSpec.latest()))
                        .partitionResult(partition)
                        .get();
                byName.put(
                        partition.toString(),
                        new Partition(
                                partition.toString(),
                                end.offset(),
                                lines(bootstrap, partition),
                                byTime,
                                ask(admin, partition, OffsetSpec.maxTimestamp()),
                                producers));
            }
        }
        return new KafkaPicture(byName);
    }

    private static List<TopicPartition> all() {
        List<TopicPartition> all = new ArrayList<>();
        for (String topic : TOPICS) {
            for (int i = 0; i < PARTITIONS; i++) {
                all.add(new TopicPartition(topic, i));
            }
        }
        return all;
    }

    private static String ask(Admin admin, TopicPartition partition, OffsetSpec what)
            throws ExecutionException, InterruptedException {
        ListOffsetsResultInfo found = admin.listOffsets(Map.of(partition, what))
                .partitionResult(partition)
                .get();
        return answer(found.offset(), found.timestamp(), found.leaderEpoch().orElse(-1));
    }

    /** Records of transactions that were aborted or are open too. */
    private static List<String> lines(String bootstrap, TopicPartition partition) {
        List<String> lines = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer =
                JavaClients.consumer(bootstrap, partition.topic(), PARTITIONS, Map.of())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            JavaClients.readToEnd(consumer, record -> lines.add(RecordLine.of(record)));
        }
        return lines;
    }

    private static String producer(ProducerState state) {
        return producer(
                state.producerId(),
                (short) state.producerEpoch(),
                state.lastSequence(),
                state.lastTimestamp(),
                state.currentTransactionStartOffset().orElse(-1));
    }

    /** One producer as a text. */
    public static String producer(
            long id, short epoch, int lastSequence, long timestampMs, long transactionFirstOffset) {
        return "id=" + id + " epoch=" + epoch + " lastSequence=" + lastSequence + " timestampMs=" + timestampMs
                + " transactionFirstOffset=" + transactionFirstOffset;
    }

    /** An answer about a record as a text; -1 for all: there is none. */
    public static String answer(long offset, long timestampMs, int leaderEpoch) {
        return "offset=" + offset + " timestampMs=" + timestampMs + " leaderEpoch=" + leaderEpoch;
    }

    /** The partitions. */
    public List<TopicPartition> partitions() {
        return all();
    }

    /** What is known of the partition {@code topic-number}. */
    public Partition of(String name) {
        Partition found = byName.get(name);
        if (found == null) {
            throw new AssertionError("no partition " + name + " among " + byName.keySet());
        }
        return found;
    }
}
