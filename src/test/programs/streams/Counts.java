import java.io.IOException;
import java.time.Duration;
import java.util.BitSet;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.Joined;
import org.apache.kafka.streams.kstream.KGroupedStream;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.KTable;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.Repartitioned;
import org.apache.kafka.streams.kstream.Suppressed;
import org.apache.kafka.streams.kstream.Suppressed.BufferConfig;
import org.apache.kafka.streams.kstream.TimeWindows;
import org.apache.kafka.streams.processor.StateRestoreListener;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.WindowStore;

/**
 * A Kafka Streams application over numbers. Each argument is a setting of Kafka Streams, {@code name=value}. It reads {@code numbers} (values are
 * decimal numbers), gives each the key {@code key-(number modulo 50)} through a repartition topic and writes
 *
 * <ul>
 *   <li>{@code counts}: how many numbers a key has had; each once only as long as nobody dies
 *   <li>{@code seen}: which numbers a key has had, as a bit set of number / 50; the same however often a number comes
 *   <li>{@code windows}: the same by window of {@value #WINDOW_SECONDS} seconds, once when the window is closed
 *   <li>{@code named}: number, blank, what the compacted topic {@code names} says of its key
 * </ul>
 *
 * <p>It prints {@code STATE new-state} and {@code RESTORED store records}. It stops in order, with exit code 0, when its standard input ends.
 */
public final class Counts {
    private static final int KEYS = 50;
    private static final int WINDOW_SECONDS = 10;
    private static final Serde<String> TEXT = Serdes.String();
    private static final Serde<byte[]> BYTES = Serdes.ByteArray();

    private Counts() {}

    public static void main(String[] arguments) throws IOException {
        Properties settings = new Properties();
        for (String argument : arguments) {
            int equals = argument.indexOf('=');
            settings.put(argument.substring(0, equals), argument.substring(equals + 1));
        }
        AtomicBoolean failed = new AtomicBoolean();
        CountDownLatch ended = new CountDownLatch(1);
        KafkaStreams streams = new KafkaStreams(topology(), settings);
        streams.setStateListener((now, before) -> {
            System.out.println("STATE " + now);
            if (now == KafkaStreams.State.ERROR) {
                ended.countDown();
            }
        });
        streams.setUncaughtExceptionHandler(failure -> {
            failure.printStackTrace();
            failed.set(true);
            return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        });
        streams.setGlobalStateRestoreListener(new RestoreLines());
        Thread waiter = new Thread(() -> {
            try {
                while (System.in.read() >= 0) {
                    // Only the end counts.
                }
            } catch (IOException gone) {
                System.out.println("standard input broke: " + gone);
            }
            ended.countDown();
        }, "end-of-input");
        waiter.setDaemon(true);
        waiter.start();
        streams.start();
        try {
            ended.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        // By itself a member of a classic group only leaves when its session is over, so as to come back without a rebalance.
        boolean isClosed = streams.close(
                CloseOptions.groupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP)
                        .withTimeout(Duration.ofSeconds(30)));
        System.out.println("CLOSED " + isClosed);
        System.exit(isClosed && !failed.get() ? 0 : 1);
    }

    private static Topology topology() {
        StreamsBuilder builder = new StreamsBuilder();
        KStream<String, String> byKey = builder.stream("numbers", Consumed.with(TEXT, TEXT))
                .selectKey((none, number) -> "key-" + Long.parseLong(number) % KEYS)
                .repartition(Repartitioned.<String, String>as("by-key").withKeySerde(TEXT).withValueSerde(TEXT));
        KGroupedStream<String, String> grouped = byKey.groupByKey(Grouped.with(TEXT, TEXT));

        grouped.count(Materialized.<String, Long, KeyValueStore<Bytes, byte[]>>as("counts"))
                .toStream()
                .to("counts", Produced.with(TEXT, Serdes.Long()));

        grouped.aggregate(
                        () -> new byte[0],
                        (key, number, seen) -> with(seen, number),
                        Materialized.<String, byte[], KeyValueStore<Bytes, byte[]>>as("seen")
                                .withKeySerde(TEXT)
                                .withValueSerde(BYTES))
                .toStream()
                .to("seen", Produced.with(TEXT, BYTES));

        grouped.windowedBy(TimeWindows.ofSizeAndGrace(Duration.ofSeconds(WINDOW_SECONDS), Duration.ofMinutes(30)))
                .aggregate(
                        () -> new byte[0],
                        (key, number, seen) -> with(seen, number),
                        Materialized.<String, byte[], WindowStore<Bytes, byte[]>>as("windows")
                                .withKeySerde(TEXT)
                                .withValueSerde(BYTES))
                .suppress(Suppressed.untilWindowCloses(BufferConfig.unbounded()).withName("closed"))
                .toStream((window, seen) -> window.key() + "@" + window.window().start())
                .to("windows", Produced.with(TEXT, BYTES));

        KTable<String, String> names = builder.table(
                "names",
                Consumed.with(TEXT, TEXT),
                Materialized.<String, String, KeyValueStore<Bytes, byte[]>>as("names"));
        byKey.join(names, (number, name) -> number + " " + name, Joined.with(TEXT, TEXT, TEXT))
                .to("named", Produced.with(TEXT, TEXT));
        return builder.build();
    }

    private static byte[] with(byte[] seen, String number) {
        BitSet all = BitSet.valueOf(seen);
        all.set((int) (Long.parseLong(number) / KEYS));
        return all.toByteArray();
    }

    private static final class RestoreLines implements StateRestoreListener {
        @Override
        public void onRestoreStart(TopicPartition partition, String store, long from, long to) {}

        @Override
        public void onBatchRestored(TopicPartition partition, String store, long end, long count) {}

        @Override
        public void onRestoreEnd(TopicPartition partition, String store, long total) {
            System.out.println("RESTORED " + store + " " + total);
        }
    }
}
