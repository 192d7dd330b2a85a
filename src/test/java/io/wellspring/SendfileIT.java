package io.wellspring;

import static org.assertj.core.api.Assertions.assertThat;

import io.wellspring.testing.BrokerProcess;
import io.wellspring.testing.JavaClients;
import io.wellspring.testing.MemoryUse;
import io.wellspring.testing.NeedsPackage;
import io.wellspring.testing.TracedSends;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A gibibyte of records goes from the log files to a client without passing through the broker: the kernel sends them, and a broker with a
 * heap of 128 MiB needs no more memory for it than for nothing.
 */
@NeedsPackage(value = "strace", provides = "strace")
final class SendfileIT {
    private static final String TOPIC = "large";
    private static final int PARTITIONS = 4;
    private static final int VALUE_BYTES = 100_000;
    private static final int MIB = 1 << 20;
    private static final long GIB = 1L << 30;
    private static final int RECORDS = PARTITIONS * (int) (GIB / VALUE_BYTES / PARTITIONS + 1);

    /** The largest answer that the broker gives by default, so that one answer held in memory would break the bounds. */
    private static final Map<String, String> LARGE_FETCHES = Map.of(
            "fetch.max.bytes", Integer.toString(55 * MIB), "max.partition.fetch.bytes", Integer.toString(55 * MIB));

    /** A tenth of one such answer, half a percent of all that is sent. */
    private static final long GROWTH_MOST = 5 * MIB;

    /**
     * All of the heap is resident from the start, so this bounds what lies beyond it: the network library's buffers, which no meter of the JVM shows,
     * and what grows a little by itself, such as compiled code. Well below one answer.
     */
    private static final long PROCESS_GROWTH_MOST = 20 * MIB;

    @TempDir
    Path directory;

    @Test
    void aGibibyteOfRecordsPassesTheBrokerBy() throws Exception {
        byte[] noise = new byte[VALUE_BYTES];
        new Random(7).nextBytes(noise);
        try (BrokerProcess broker = BrokerProcess.start(directory.resolve("data"), "--wellspring.log.flush=os")) {
            write(broker, noise);
            assertThat(broker.stop()).isZero();
        }

        TracedSends sends = new TracedSends(Files.createDirectory(directory.resolve("trace")));
        BrokerProcess.Start start = BrokerProcess.Start.in(directory.resolve("data"))
                .jvm("-Xms128m", "-Xmx128m", "-XX:+AlwaysPreTouch")
                .wrappedIn(sends.command().toArray(new String[0]));
        try (BrokerProcess broker = BrokerProcess.start(start)) {
            // What only the first fetches need is there afterwards.
            read(broker, 1, noise);
            MemoryUse before = MemoryUse.afterCollection(broker);
            TracedSends.Bytes sentBefore = sends.soFar();

            MemoryUse peak = peakWhile(broker, () -> read(broker, PARTITIONS, noise));

            MemoryUse after = MemoryUse.afterCollection(broker);
            TracedSends.Bytes sentAfter = sends.soFar();
            long byKernel = sentAfter.byKernel() - sentBefore.byKernel();
            long fromMemory = sentAfter.fromMemory() - sentBefore.fromMemory();
            System.out.printf(
                    "SendfileIT: byKernel=%d fromMemory=%d before=%s peak=%s after=%s%n",
                    byKernel, fromMemory, before, peak, after);

            assertThat(byKernel).as("bytes by sendfile").isGreaterThanOrEqualTo(GIB);
            assertThat(fromMemory).as("bytes by all other calls").isLessThanOrEqualTo(byKernel / 100);
            assertThat(after.heapBytes()).as("heap in use").isLessThanOrEqualTo(before.heapBytes() + GROWTH_MOST);
            assertThat(peak.directBytes())
                    .as("most direct memory")
                    .isLessThanOrEqualTo(before.directBytes() + GROWTH_MOST);
            assertThat(peak.anonymousBytes())
                    .as("most anonymous memory")
                    .isLessThanOrEqualTo(before.anonymousBytes() + PROCESS_GROWTH_MOST);
        }
    }

    private static void write(BrokerProcess broker, byte[] noise) throws ExecutionException, InterruptedException {
        JavaClients.createTopics(broker.bootstrapServers(), List.of(new NewTopic(TOPIC, PARTITIONS, (short) 1)));
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        try (KafkaProducer<byte[], byte[]> producer =
                JavaClients.producer(broker.bootstrapServers(), Map.of("batch.size", Integer.toString(MIB)))) {
            for (int i = 0; i < RECORDS; i++) {
                byte[] value = noise.clone();
                ByteBuffer.wrap(value).putInt(i);
                sent.add(producer.send(new ProducerRecord<>(TOPIC, i % PARTITIONS, null, value)));
            }
        }
        for (Future<RecordMetadata> one : sent) {
            one.get();
        }
    }

    /** Reads the first partitions whole and checks what comes. */
    private static void read(BrokerProcess broker, int partitions, byte[] noise) {
        int[] found = {0};
        try (KafkaConsumer<byte[], byte[]> consumer =
                JavaClients.consumer(broker.bootstrapServers(), TOPIC, partitions, LARGE_FETCHES)) {
            JavaClients.readToEnd(consumer, record -> {
                ByteBuffer value = ByteBuffer.wrap(record.value());
                int number = (int) record.offset() * PARTITIONS + record.partition();
                if (value.getInt() != number
                        || !value.equals(ByteBuffer.wrap(noise, Integer.BYTES, value.remaining()))) {
                    throw new AssertionError(
                            "another value than was sent at " + record.partition() + " offset " + record.offset());
                }
                found[0]++;
            });
        }
        assertThat(found[0]).isEqualTo(RECORDS / PARTITIONS * partitions);
    }

    /** Looks at the memory again and again until the task has ended. */
    private static MemoryUse peakWhile(BrokerProcess broker, Runnable task) throws Exception {
        MemoryUse peak = MemoryUse.now(broker);
        try (ExecutorService worker = Executors.newSingleThreadExecutor()) {
            Future<?> running = worker.submit(task);
            while (!ended(running)) {
                peak = peak.max(MemoryUse.now(broker));
            }
        }
        return peak;
    }

    private static boolean ended(Future<?> running) throws ExecutionException, InterruptedException {
        try {
            running.get(100, TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException stillRunning) {
            return false;
        }
    }
}
