package io.wellspring;

import io.wellspring.testing.JavaClients;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;

/**
 * Writes 0, 1, 2, ... on and on, some hundred a second, through every loss of the broker: number n into partition n modulo the partitions, with
 * the timestamp first + n * {@value #STEP_MS} ms.
 */
final class NumberWriter implements AutoCloseable {
    static final int STEP_MS = 10;

    private static final int AT_ONCE = 20;
    private static final long REST_NANOS = Duration.ofMillis(25).toNanos();

    private final String bootstrap;
    private final String topic;
    private final int partitions;
    private final long firstTimestampMs;
    private final Thread thread = new Thread(this::run, "number-writer");
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private volatile boolean isStopping;
    private final AtomicLong written = new AtomicLong();

    NumberWriter(String bootstrap, String topic, int partitions, long firstTimestampMs) {
        this.bootstrap = bootstrap;
        this.topic = topic;
        this.partitions = partitions;
        this.firstTimestampMs = firstTimestampMs;
        thread.start();
    }

    /** All numbers below it have been acknowledged. */
    long written() {
        Throwable failed = failure.get();
        if (failed != null) {
            throw new AssertionError("a number was given up", failed);
        }
        return written.get();
    }

    long timestampMs(long number) {
        return firstTimestampMs + number * STEP_MS;
    }

    /** Writes no more. @return how many numbers there are */
    long stop() throws InterruptedException {
        isStopping = true;
        thread.join();
        return written();
    }

    private void run() {
        try (KafkaProducer<byte[], byte[]> producer = JavaClients.producer(
                bootstrap, Map.of("reconnect.backoff.max.ms", "200", "delivery.timeout.ms", "120000"))) {
            while (!isStopping) {
                List<Future<RecordMetadata>> answers = new ArrayList<>();
                long first = written.get();
                for (long number = first; number < first + AT_ONCE; number++) {
                    answers.add(producer.send(new ProducerRecord<>(
                            topic,
                            (int) (number % partitions),
                            timestampMs(number),
                            null,
                            Long.toString(number).getBytes(StandardCharsets.UTF_8))));
                }
                for (Future<RecordMetadata> answer : answers) {
                    answer.get();
                }
                written.set(first + AT_ONCE);
                LockSupport.parkNanos(REST_NANOS);
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | RuntimeException failed) {
            failure.set(failed);
        }
    }

    @Override
    public void close() {
        isStopping = true;
        thread.interrupt();
    }
}
