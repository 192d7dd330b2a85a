package io.wellspring.testing;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * A client that writes at a steady rate to all partitions of a topic, through whatever happens to the broker, until it is stopped. An
 * idempotent one ({@link WriteHistory#isIdempotent}) never gives up a record, and every failure is a failure of the broker; a plain
 * one never tries a record twice.
 */
public final class CheckedWriter implements AutoCloseable {
    private static final int MAX_IN_FLIGHT = 60;
    private static final int RECORDS_PER_TICK = 10;
    private static final Duration TICK = Duration.ofMillis(10);

    private final String topic;
    private final int number;
    private final WriteHistory history;
    private final SplittableRandom random;
    private final KafkaProducer<byte[], byte[]> producer;
    private final long[] sent;
    private final Semaphore inFlight = new Semaphore(MAX_IN_FLIGHT);
    private final Semaphore rate = new Semaphore(0);
    private final ScheduledExecutorService ticks = Executors.newSingleThreadScheduledExecutor();
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final AtomicLong refused = new AtomicLong();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final Thread thread;

    /**
     * Begins to write.
     *
     * @param number even: idempotent
     * @param codec Kafka's name
     */
    public CheckedWriter(
            String bootstrapServers, String topic, int number, String codec, WriteHistory history, long seed) {
        this.topic = topic;
        this.number = number;
        this.history = history;
        this.random = new SplittableRandom(seed + number);
        this.sent = new long[history.partitionCount()];
        this.producer = new KafkaProducer<>(
                settings(bootstrapServers, number, codec), new ByteArraySerializer(), new ByteArraySerializer());
        this.thread = new Thread(this::run, "writer-" + number);
        Future<?> _ = ticks.scheduleAtFixedRate(this::tick, 0, TICK.toMillis(), TimeUnit.MILLISECONDS);
        thread.start();
    }

    private static Map<String, Object> settings(String bootstrapServers, int number, String codec) {
        Map<String, Object> settings = new HashMap<>(Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers,
                ProducerConfig.CLIENT_ID_CONFIG, "writer-" + number,
                ProducerConfig.COMPRESSION_TYPE_CONFIG, codec,
                ProducerConfig.LINGER_MS_CONFIG, 3,
                ProducerConfig.BATCH_SIZE_CONFIG, 8192,
                ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 5,
                ProducerConfig.RECONNECT_BACKOFF_MS_CONFIG, 20,
                ProducerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 100,
                ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 120_000,
                ProducerConfig.MAX_BLOCK_MS_CONFIG, Long.MAX_VALUE));
        settings.put(ProducerConfig.RETRY_BACKOFF_MS_CONFIG, 20);
        settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, Integer.MAX_VALUE);
        if (WriteHistory.isIdempotent(number)) {
            settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
            settings.put(ProducerConfig.ACKS_CONFIG, "all");
        } else {
            settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, false);
            settings.put(ProducerConfig.ACKS_CONFIG, "1");
            settings.put(ProducerConfig.RETRIES_CONFIG, 0);
        }
        return settings;
    }

    private void tick() {
        if (rate.availablePermits() < RECORDS_PER_TICK) {
            rate.release(RECORDS_PER_TICK);
        }
    }

    private void run() {
        try {
            while (stopped.getCount() > 0 && failure.get() == null) {
                if (rate.tryAcquire(100, TimeUnit.MILLISECONDS)) {
                    inFlight.acquire();
                    send();
                }
            }
        } catch (InterruptedException end) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error broken) {
            failure.compareAndSet(null, broken);
        }
    }

    private void send() {
        int partition = random.nextInt(sent.length);
        CheckedValue value = new CheckedValue(number, sent[partition]++);
        byte[] bytes = value.encode(random.nextInt(CheckedValue.MIN_SIZE_BYTES, 2000));
        Future<?> _ = producer.send(new ProducerRecord<>(topic, partition, null, bytes), (metadata, problem) -> {
            try {
                if (problem == null) {
                    history.acknowledged(partition, metadata.offset(), value);
                } else if (WriteHistory.isIdempotent(number)) {
                    failure.compareAndSet(null, new AssertionError(value + " was refused", problem));
                } else {
                    refused.incrementAndGet();
                }
            } catch (AssertionError wrong) {
                failure.compareAndSet(null, wrong);
            } finally {
                inFlight.release();
            }
        });
    }

    /** Throws what went wrong so far, if anything did. */
    public void check() {
        Throwable wrong = failure.get();
        if (wrong != null) {
            throw new AssertionError("writer " + number + " failed", wrong);
        }
    }

    /** Writes no more, and waits until all that was written is answered; the broker must be there. */
    public void finish() {
        stop();
        producer.flush();
        check();
    }

    /** How many records were sent to this partition. */
    public long sent(int partition) {
        return sent[partition];
    }

    public int number() {
        return number;
    }

    private void stop() {
        stopped.countDown();
        ticks.shutdownNow();
        try {
            thread.join();
        } catch (InterruptedException end) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        stopped.countDown();
        ticks.shutdownNow();
        producer.close(Duration.ZERO);
        stop();
    }
}
