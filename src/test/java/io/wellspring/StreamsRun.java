package io.wellspring;

import static org.awaitility.Awaitility.await;

import io.wellspring.testing.BrokerProcess;
import io.wellspring.testing.FreePort;
import io.wellspring.testing.JavaClients;
import io.wellspring.testing.SideProgram;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;

/** A broker, a writer of numbers, the program {@code streams} in as many instances as are wanted, and a reader of what it writes. */
final class StreamsRun implements AutoCloseable {
    static final int NUMBERS_PARTITIONS = 2;

    /** Of the table that numbers are joined with, and so of the repartition topic. */
    static final int NAMES_PARTITIONS = 3;

    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final String SHORT_SESSION_MS = "6000";
    private static final long PROGRESS = 500;

    private final SideProgram.Compiled program;
    private final String protocol;
    private final Path directory;
    private final SplittableRandom random;
    private final String address;
    private final List<SideProgram> started = new ArrayList<>();
    private final long firstTimestampMs =
            (System.currentTimeMillis() - Duration.ofHours(1).toMillis())
                    / CountsOutput.WINDOW_MS
                    * CountsOutput.WINDOW_MS;
    private BrokerProcess broker;
    private final NumberWriter writer;
    private final CountsOutput output;
    private boolean isSessionShort;
    private long awaited;

    /**
     * Starts the broker and the writer.
     *
     * @param protocol {@code classic} or {@code streams}
     * @param directory everything lies there, and an earlier run must not
     */
    StreamsRun(SideProgram.Compiled program, String protocol, Path directory, SplittableRandom random)
            throws IOException {
        this.program = program;
        this.protocol = protocol;
        this.directory = directory;
        this.random = random;
        address = FreePort.forAllRestarts(random);
        broker = BrokerProcess.start(start());
        makeTopics();
        writer = new NumberWriter(address, "numbers", NUMBERS_PARTITIONS, firstTimestampMs);
        output = new CountsOutput(address, NAMES_PARTITIONS);
    }

    private BrokerProcess.Start start() {
        String kafka = "--wellspring.groups.kafka.group.streams.";
        return BrokerProcess.Start.in(
                        directory.resolve("data"),
                        "--wellspring.network.listeners[0].bind=" + address,
                        "--wellspring.groups.offsets-topic-partitions=4",
                        "--wellspring.groups.initial-rebalance-delay=0s",
                        "--wellspring.groups.lag-interval=500ms",
                        "--wellspring.log.cleaner.backoff=200ms",
                        kafka + "initial.rebalance.delay.ms=0",
                        kafka + "min.heartbeat.interval.ms=500",
                        kafka + "heartbeat.interval.ms=500",
                        kafka + "min.session.timeout.ms=" + SHORT_SESSION_MS)
                .jvm("-Xmx192m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");
    }

    private void makeTopics() {
        List<NewTopic> topics = new ArrayList<>();
        topics.add(new NewTopic("numbers", NUMBERS_PARTITIONS, (short) 1));
        topics.add(new NewTopic("names", NAMES_PARTITIONS, (short) 1)
                .configs(Map.of("cleanup.policy", "compact", "min.cleanable.dirty.ratio", "0.01", "segment.ms", "1")));
        CountsOutput.TOPICS.forEach(name -> topics.add(new NewTopic(name, NAMES_PARTITIONS, (short) 1)));
        JavaClients.createTopics(address, topics);
        // Each name three times, the last one counts; older than all numbers, so that a number finds its name.
        for (String outdated : List.of("not yet the ", "still not the ", "")) {
            try (KafkaProducer<byte[], byte[]> producer = JavaClients.producer(address, Map.of())) {
                for (int i = 0; i < CountsOutput.KEYS; i++) {
                    String key = CountsOutput.keyOf(i);
                    var _ = producer.send(new ProducerRecord<>(
                            "names",
                            null,
                            firstTimestampMs - 1,
                            bytes(key),
                            bytes(outdated + CountsOutput.nameOf(key))));
                }
            }
        }
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    String address() {
        return address;
    }

    String application() {
        return "counting-" + protocol;
    }

    boolean isStreamsProtocol() {
        return protocol.equals("streams");
    }

    BrokerProcess broker() {
        return broker;
    }

    NumberWriter writer() {
        return writer;
    }

    CountsOutput output() {
        return output;
    }

    /** Starts an instance; one of the same name has the same state directory. */
    SideProgram startInstance(String name) throws IOException {
        List<String> settings = new ArrayList<>(List.of(
                "bootstrap.servers=" + address,
                "application.id=" + application(),
                "client.id=" + name,
                "group.protocol=" + protocol,
                "state.dir=" + stateOf(name),
                "processing.guarantee=at_least_once",
                "num.stream.threads=1",
                // Every change is written, so that a count that is left out or comes twice is seen.
                "statestore.cache.max.bytes=0",
                "commit.interval.ms=200",
                "repartition.purge.interval.ms=500",
                "acceptable.recovery.lag=1000000000",
                "auto.offset.reset=earliest",
                "reconnect.backoff.max.ms=200"));
        if (!isStreamsProtocol()) {
            settings.add("heartbeat.interval.ms=500");
            if (isSessionShort) {
                settings.add("session.timeout.ms=" + SHORT_SESSION_MS);
            }
        }
        SideProgram instance = program.start(
                List.of(
                        "-Xmx192m",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Dorg.slf4j.simpleLogger.defaultLogLevel=error"),
                settings);
        started.add(instance);
        return instance;
    }

    private Path stateOf(String instance) {
        return directory.resolve("state-" + instance);
    }

    void wipeState(String instance) throws IOException {
        try (Stream<Path> files = Files.walk(stateOf(instance))) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /** Records that an instance has restored into a store. */
    static long restored(SideProgram instance, String store) {
        String begin = "RESTORED " + store + " ";
        return instance.output().stream()
                .filter(line -> line.startsWith(begin))
                .mapToLong(line -> Long.parseLong(line.substring(begin.length())))
                .sum();
    }

    /** Instances that are started from now on are missed sooner when they die. */
    void shortenSession() throws ExecutionException, InterruptedException {
        isSessionShort = true;
        if (isStreamsProtocol()) {
            try (Admin admin = admin()) {
                ConfigResource group = new ConfigResource(ConfigResource.Type.GROUP, application());
                ConfigEntry session = new ConfigEntry("streams.session.timeout.ms", SHORT_SESSION_MS);
                admin.incrementalAlterConfigs(
                                Map.of(group, List.of(new AlterConfigOp(session, AlterConfigOp.OpType.SET))))
                        .all()
                        .get();
            }
        }
    }

    Admin admin() {
        return Admin.create(Map.of("bootstrap.servers", address));
    }

    /** Waits until all that has been written by now has come through, and some more than at the last call. */
    void awaitProgress(SideProgram... instances) {
        awaited = Math.max(writer.written(), awaited + PROGRESS);
        awaitAllBelow(awaited, instances);
    }

    void awaitAllBelow(long end, SideProgram... instances) {
        await().atMost(LIMIT).until(() -> {
            for (SideProgram instance : instances) {
                instance.requireAlive();
            }
            output.poll();
            return output.hasAllBelow(end);
        });
    }

    /** Stops the broker, in order or with kill -9, and starts it again. */
    void restartBroker() {
        boolean isKilled = random.nextBoolean();
        System.out.println("StreamsRun: the broker is " + (isKilled ? "killed" : "stopped"));
        if (isKilled) {
            broker.kill();
        } else {
            broker.stop();
        }
        requireNoErrors();
        broker = BrokerProcess.start(start());
    }

    void requireNoErrors() {
        if (broker.output().contains(" ERROR ")) {
            throw new AssertionError(broker.output());
        }
    }

    @Override
    public void close() {
        started.forEach(SideProgram::close);
        writer.close();
        output.close();
        broker.close();
    }
}
