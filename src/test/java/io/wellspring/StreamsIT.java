package io.wellspring;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.wellspring.testing.JavaClients;
import io.wellspring.testing.LagByReading;
import io.wellspring.testing.SideProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.StreamsGroupDescription;
import org.apache.kafka.clients.admin.StreamsGroupSubtopologyDescription;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;

/**
 * A stateful Kafka Streams application (the program {@code streams}) in both of its group protocols, stopped, joined by a second instance, killed, and left without its
 * state directory and its broker in the middle of its work. {@code -Dstreams.kills=N} sets how often it is killed, {@code -Dseed=N} replays a run's choices.
 */
final class StreamsIT {
    private static final int KILLS = Integer.getInteger("streams.kills", 1);
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final String GRACE_AND_SIZE_AND_DAY_MS =
            Long.toString(Duration.ofDays(1).plusMinutes(30).toMillis() + CountsOutput.WINDOW_MS);

    @TempDir
    static Path directory;

    private static SideProgram.Compiled program;

    private final long seed = Long.getLong("seed", new SplittableRandom().nextLong());

    @BeforeAll
    static void compile() throws IOException {
        LoggingSystem.get(StreamsIT.class.getClassLoader()).setLogLevel("org.apache.kafka", LogLevel.OFF);
        program = SideProgram.compile("streams", "Counts", Files.createDirectory(directory.resolve("classes")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "streams"})
    void countsAreRightWhateverStopsInTheMiddle(String protocol) throws Exception {
        System.out.println("StreamsIT: seed=" + seed + " kills=" + KILLS + " protocol=" + protocol);
        SplittableRandom random = new SplittableRandom(seed);
        Path files = Files.createDirectory(directory.resolve(protocol));
        try (StreamsRun run = new StreamsRun(program, protocol, files, random)) {
            SideProgram one = stopAndShare(run);
            one = loseTheStore(run, one);
            checkInternalTopics(run);
            one = kill(run, one);
            long end = closeWindows(run, one);
            one.stop();
            checkLag(run, end);
            run.requireNoErrors();
        }
    }

    /** Ends with one instance that runs. */
    private static SideProgram stopAndShare(StreamsRun run) throws Exception {
        SideProgram one = run.startInstance("one");
        run.awaitProgress(one);
        one.stop();
        one = run.startInstance("one");
        SideProgram two = run.startInstance("two");
        awaitShared(run);
        run.awaitProgress(one, two);
        run.restartBroker();
        run.awaitProgress(one, two);
        // What was there was there still; what came over from the other was not.
        assertThat(StreamsRun.restored(two, "counts")).isPositive();
        two.stop();
        run.awaitProgress(one);
        return one;
    }

    /** All of it is made again from the changelogs. */
    private static SideProgram loseTheStore(StreamsRun run, SideProgram one) throws Exception {
        one.stop();
        run.output().checkCountsAreExact();
        run.wipeState("one");
        run.shortenSession();
        SideProgram again = run.startInstance("one");
        run.awaitProgress(again);
        assertThat(StreamsRun.restored(again, "counts")).isPositive();
        assertThat(StreamsRun.restored(again, "seen")).isPositive();
        assertThat(StreamsRun.restored(again, "windows")).isPositive();
        return again;
    }

    /** Its state directory is there again every other time. */
    private static SideProgram kill(StreamsRun run, SideProgram one) throws IOException {
        run.output().allowRepetition();
        for (int i = 0; i < KILLS; i++) {
            run.awaitProgress(one);
            one.kill();
            if (i % 2 == (run.isStreamsProtocol() ? 0 : 1)) {
                run.wipeState("one");
            }
            one = run.startInstance("one");
            run.awaitProgress(one);
        }
        return one;
    }

    /** One number more for each key, so much later that all windows before are over. @return how many numbers there are */
    private static long closeWindows(StreamsRun run, SideProgram one) throws InterruptedException {
        long end = run.writer().stop();
        run.awaitAllBelow(end, one);
        long now = System.currentTimeMillis();
        try (KafkaProducer<byte[], byte[]> producer = JavaClients.producer(run.address(), Map.of())) {
            for (long number = end; number < end + CountsOutput.KEYS; number++) {
                var _ = producer.send(
                        new ProducerRecord<>("numbers", 0, now, null, StreamsRun.bytes(Long.toString(number))));
            }
        }
        Map<String, BitSet> expected = windows(run.writer(), end);
        await().atMost(LIMIT).until(() -> {
            one.requireAlive();
            run.output().poll();
            return run.output().windows().size() >= expected.size();
        });
        run.awaitAllBelow(end + CountsOutput.KEYS, one);
        assertThat(run.output().windows()).isEqualTo(expected);
        run.output().checkAllCounted(end + CountsOutput.KEYS);
        return end + CountsOutput.KEYS;
    }

    private static Map<String, BitSet> windows(NumberWriter writer, long end) {
        Map<String, BitSet> windows = new TreeMap<>();
        for (long number = 0; number < end; number++) {
            long begin = writer.timestampMs(number) / CountsOutput.WINDOW_MS * CountsOutput.WINDOW_MS;
            windows.computeIfAbsent(CountsOutput.keyOf(number) + "@" + begin, any -> new BitSet())
                    .set((int) (number / CountsOutput.KEYS));
        }
        return windows;
    }

    private static void awaitShared(StreamsRun run) {
        try (Admin admin = run.admin()) {
            await().atMost(LIMIT).until(() -> {
                run.output().poll();
                return run.isStreamsProtocol() ? isSharedStreams(run, admin) : isSharedClassic(run, admin);
            });
        }
    }

    private static boolean isSharedClassic(StreamsRun run, Admin admin)
            throws ExecutionException, InterruptedException {
        ConsumerGroupDescription group = requireNonNull(admin.describeConsumerGroups(List.of(run.application()))
                .all()
                .get()
                .get(run.application()));
        return group.groupState() == GroupState.STABLE
                && group.members().size() == 2
                && group.members().stream()
                        .noneMatch(
                                member -> member.assignment().topicPartitions().isEmpty());
    }

    private static boolean isSharedStreams(StreamsRun run, Admin admin)
            throws ExecutionException, InterruptedException {
        StreamsGroupDescription group = describe(run, admin);
        return group.groupState() == GroupState.STABLE
                && group.members().size() == 2
                && group.members().stream()
                        .noneMatch(member -> member.assignment().activeTasks().isEmpty());
    }

    private static StreamsGroupDescription describe(StreamsRun run, Admin admin)
            throws ExecutionException, InterruptedException {
        return requireNonNull(admin.describeStreamsGroups(List.of(run.application()))
                .all()
                .get()
                .get(run.application()));
    }

    /** Whoever makes them, the application or the broker for it, they are the same. */
    private static void checkInternalTopics(StreamsRun run) throws ExecutionException, InterruptedException {
        String begin = run.application() + "-";
        Map<String, Map<String, String>> expected = new TreeMap<>();
        Map<String, String> compacted = Map.of("cleanup.policy", "compact", "message.timestamp.type", "CreateTime");
        for (String store : List.of("counts", "seen", "names", "closed-store")) {
            expected.put(begin + store + "-changelog", compacted);
        }
        expected.put(
                begin + "windows-changelog",
                Map.of(
                        "cleanup.policy",
                        "compact,delete",
                        "message.timestamp.type",
                        "CreateTime",
                        "retention.ms",
                        GRACE_AND_SIZE_AND_DAY_MS));
        expected.put(
                begin + "by-key-repartition",
                Map.of(
                        "cleanup.policy",
                        "delete",
                        "message.timestamp.type",
                        "CreateTime",
                        "retention.ms",
                        "-1",
                        "segment.bytes",
                        "52428800"));
        try (Admin admin = run.admin()) {
            assertThat(settings(admin, begin)).isEqualTo(expected);
            for (TopicDescription topic : admin.describeTopics(expected.keySet())
                    .allTopicNames()
                    .get()
                    .values()) {
                assertThat(topic.partitions()).as(topic.name()).hasSize(StreamsRun.NAMES_PARTITIONS);
            }
            awaitPurge(admin, begin + "by-key-repartition");
            if (run.isStreamsProtocol()) {
                checkDescription(run, admin);
            }
        }
    }

    /** The settings of their own that the topics of this beginning have. */
    private static Map<String, Map<String, String>> settings(Admin admin, String begin)
            throws ExecutionException, InterruptedException {
        List<ConfigResource> topics = admin.listTopics().names().get().stream()
                .filter(name -> name.startsWith(begin))
                .map(name -> new ConfigResource(ConfigResource.Type.TOPIC, name))
                .toList();
        Map<String, Map<String, String>> settings = new TreeMap<>();
        for (Map.Entry<ConfigResource, Config> topic :
                admin.describeConfigs(topics).all().get().entrySet()) {
            settings.put(
                    topic.getKey().name(),
                    topic.getValue().entries().stream()
                            .filter(entry -> entry.source() == ConfigEntry.ConfigSource.DYNAMIC_TOPIC_CONFIG)
                            .collect(Collectors.toMap(ConfigEntry::name, ConfigEntry::value)));
        }
        return settings;
    }

    /** What has been counted is taken out of the repartition topic by the application. */
    private static void awaitPurge(Admin admin, String topic) {
        Map<TopicPartition, OffsetSpec> earliest = new HashMap<>();
        for (int partition = 0; partition < StreamsRun.NAMES_PARTITIONS; partition++) {
            earliest.put(new TopicPartition(topic, partition), OffsetSpec.earliest());
        }
        await().atMost(LIMIT)
                .until(() -> admin.listOffsets(earliest).all().get().values().stream()
                        .allMatch(offset -> offset.offset() > 0));
    }

    private static void checkDescription(StreamsRun run, Admin admin) throws ExecutionException, InterruptedException {
        StreamsGroupDescription group = describe(run, admin);
        assertThat(group.members()).hasSize(1);
        String begin = run.application() + "-";
        Map<String, StreamsGroupSubtopologyDescription> parts = group.subtopologies().stream()
                .collect(Collectors.toMap(StreamsGroupSubtopologyDescription::subtopologyId, part -> part));
        assertThat(parts).containsOnlyKeys("0", "1");
        StreamsGroupSubtopologyDescription first = requireNonNull(parts.get("0"));
        assertThat(first.sourceTopics()).containsExactly("numbers");
        assertThat(first.repartitionSinkTopics()).containsExactly(begin + "by-key-repartition");
        StreamsGroupSubtopologyDescription second = requireNonNull(parts.get("1"));
        assertThat(second.sourceTopics()).containsExactly("names");
        assertThat(second.repartitionSourceTopics()).containsOnlyKeys(begin + "by-key-repartition");
        assertThat(second.stateChangelogTopics())
                .containsOnlyKeys(
                        begin + "counts-changelog",
                        begin + "seen-changelog",
                        begin + "names-changelog",
                        begin + "closed-store-changelog",
                        begin + "windows-changelog");
    }

    /** What the broker says of the stopped group is what a reader finds. */
    private static void checkLag(StreamsRun run, long end) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = JavaClients.producer(run.address(), Map.of())) {
            for (long number = end; number < end + 7; number++) {
                var _ = producer.send(
                        new ProducerRecord<>("numbers", 1, null, null, StreamsRun.bytes(Long.toString(number))));
            }
        }
        LagByReading lag = new LagByReading(run.address(), run.broker().managementUrl());
        Map<TopicPartition, LagByReading.Found> found =
                lag.check(run.application(), run.isStreamsProtocol() ? "streams" : "classic");
        assertThat(found.get(new TopicPartition("numbers", 1)))
                .satisfies(unread -> assertThat(unread.records()).isEqualTo(7));
        lag.checkMeters(run.application(), found);
    }
}
