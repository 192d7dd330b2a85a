package io.wellspring;

import static org.assertj.core.api.Assertions.assertThat;

import io.wellspring.testing.BrokerProcess;
import io.wellspring.testing.GroupScene;
import io.wellspring.testing.KafkaToolbox;
import io.wellspring.testing.LogDump;
import io.wellspring.testing.RealKafka;
import io.wellspring.testing.ToolScript;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;

/**
 * Kafka's group tools print about our broker what they print about Kafka itself: the same groups on both, the same commands in the same order
 * ({@code src/test/resources/group-tools}), every line compared. What differs, and rightly so, is named here.
 */
final class GroupToolsComparisonIT {
    /** Where our broker is to answer otherwise. */
    private static final List<Meant> MEANT = List.of(
            // Kafka 4.4, whose group coordinator we run, says it in other words than 4.3.
            new Meant(
                    "consumer.session.timeout.ms=1",
                    "must be greater than or equal to group.consumer.min.session.timeout.ms",
                    "must be in the range 45000 to 60000 inclusive"),
            // The same: in 4.4 the assignment of a streams group that was left is of its last epoch.
            new Meant(
                    "streams-groups --describe --state --verbose --group live-streams",
                    "live-streams HOST (1) Empty 4 3 0",
                    "live-streams HOST (1) Empty 4 4 0"),
            // With another number of partitions every group would be looked for in another one, and its offsets would
            // be lost.
            new Meant(
                    "topics --alter --topic __consumer_offsets --partitions 60",
                    "exit code 0",
                    "The partitions of the internal topic __consumer_offsets cannot be changed"));

    /** Settings that Kafka 4.4 has and 4.3 has not. */
    private static final Pattern NEW_SETTING = Pattern.compile(
            "errors\\.deadletterqueue\\..*|streams\\.(assignor\\.name|rack\\.aware\\.assignment\\.tags)=.*");

    /** A cluster that has eligible leader replicas (KIP-966) sets it for all topics. */
    private static final String ELIGIBLE_LEADERS = "min.insync.replicas=1,";

    private static final Pattern OFFSETS_SEGMENT = Pattern.compile("/__consumer_offsets-\\d+/\\d+\\.log$");

    /** Kafka 4.4 writes the epoch of the assignment of a group that was left, 4.3 does not. */
    private static final Pattern NEW_RECORD = Pattern.compile("\\{\"assignmentEpoch\":\\d+\\}");

    private static final Pattern TOPIC_IDS_AND_TIMES = Pattern.compile("\"metadataHash\":-?\\d+|\\d{13}");

    @TempDir
    private static Path directory;

    private static final ExecutorService TWO = Executors.newFixedThreadPool(2);
    private static List<ToolScript.Printed> theirs;
    private static List<ToolScript.Printed> ours;

    /**
     * Commands whose words contain these print something else.
     *
     * @param kafka part of what they print with Kafka
     * @param wellspring part of what they print with us
     */
    private record Meant(String command, String kafka, String wellspring) {}

    @BeforeAll
    static void runTheToolsOnBoth() throws Exception {
        LoggingSystem.get(GroupToolsComparisonIT.class.getClassLoader())
                .setLogLevel("org.apache.kafka", LogLevel.ERROR);
        try (KafkaToolbox tools = new KafkaToolbox()) {
            Future<List<ToolScript.Printed>> kafka = TWO.submit(() -> onKafka(tools));
            Future<List<ToolScript.Printed>> wellspring = TWO.submit(() -> onWellspring(tools));
            theirs = kafka.get();
            ours = wellspring.get();
        }
    }

    @AfterAll
    static void endThreads() {
        TWO.close();
    }

    private static List<ToolScript.Printed> onKafka(KafkaToolbox tools) throws Exception {
        try (RealKafka kafka = RealKafka.start(
                directory.resolve("kafka"),
                "group.initial.rebalance.delay.ms=0",
                "group.streams.max.session.timeout.ms=600000",
                "group.streams.session.timeout.ms=600000")) {
            List<ToolScript.Printed> printed = script(tools, kafka.bootstrap(), directory.resolve("theirs"));
            kafka.terminate();
            return printed;
        }
    }

    private static List<ToolScript.Printed> onWellspring(KafkaToolbox tools) throws Exception {
        try (BrokerProcess broker = BrokerProcess.start(
                directory.resolve("wellspring"),
                "--wellspring.groups.initial-rebalance-delay=0s",
                // The member of the scene says nothing while the tools run.
                "--wellspring.groups.kafka.group.streams.max.session.timeout.ms=600000",
                "--wellspring.groups.kafka.group.streams.session.timeout.ms=600000")) {
            List<ToolScript.Printed> printed = script(tools, broker.bootstrapServers(), directory.resolve("ours"));
            assertThat(broker.stop()).isZero();
            return printed;
        }
    }

    private static List<ToolScript.Printed> script(KafkaToolbox tools, String bootstrap, Path plan) throws Exception {
        Path commands = Path.of("src/test/resources/group-tools");
        ToolScript script = new ToolScript(tools, bootstrap, plan);
        try (GroupScene scene = new GroupScene(bootstrap)) {
            List<ToolScript.Printed> printed = new ArrayList<>(script.run(commands.resolve("live.txt")));
            scene.leave();
            printed.addAll(script.run(commands.resolve("left.txt")));
            return printed;
        }
    }

    @Test
    void toolsPrintWhatTheyPrintWithKafka() {
        assertThat(ours).hasSameSizeAs(theirs);
        assertThat(text(ours)).isEqualTo(text(theirs));
    }

    private static String text(List<ToolScript.Printed> all) {
        return all.stream()
                .filter(printed ->
                        MEANT.stream().noneMatch(meant -> printed.command().contains(meant.command())))
                .map(GroupToolsComparisonIT::comparable)
                .collect(Collectors.joining("\n"));
    }

    private static String comparable(ToolScript.Printed printed) {
        List<String> lines = printed.lines().stream()
                .filter(line -> !NEW_SETTING.matcher(line).matches())
                .map(line -> line.replace(ELIGIBLE_LEADERS, ""))
                .toList();
        return new ToolScript.Printed(printed.command(), lines).text();
    }

    @Test
    void whatDiffersIsMeant() {
        for (Meant meant : MEANT) {
            assertThat(textOf(theirs, meant)).contains(meant.kafka()).doesNotContain(meant.wellspring());
            assertThat(textOf(ours, meant)).contains(meant.wellspring()).doesNotContain(meant.kafka());
        }
    }

    private static String textOf(List<ToolScript.Printed> all, Meant meant) {
        return all.stream()
                .filter(printed -> printed.command().contains(meant.command()))
                .map(ToolScript.Printed::text)
                .collect(Collectors.joining());
    }

    @Test
    void dumpToolReadsTheSameRecordsInOurTopicAsInKafkas() throws Exception {
        assertThat(dump("wellspring")).isEqualTo(dump("kafka")).hasSizeGreaterThan(150);
    }

    /** Each record with its partition, in any order: what is deleted at once is deleted in the order of a hash table. */
    private static List<String> dump(String broker) throws IOException {
        List<Path> files = new ArrayList<>();
        try (Stream<Path> all = Files.walk(directory.resolve(broker))) {
            all.filter(file -> OFFSETS_SEGMENT.matcher(file.toString()).find()
                            && file.toFile().length() > 0)
                    .sorted()
                    .forEach(files::add);
        }
        LogDump dump = LogDump.of(files, "--offsets-decoder");
        assertThat(dump.complaints()).isEmpty();
        List<String> records = new ArrayList<>();
        String partition = "";
        for (String line : dump.output()) {
            if (line.startsWith("Dumping ")) {
                partition = line.replaceAll(".*/(__consumer_offsets-\\d+)/.*", "$1");
            } else if (line.startsWith("| offset:") && !NEW_RECORD.matcher(line).find()) {
                String record = line.substring(line.indexOf(" key: "));
                records.add(partition
                        + ToolScript.masked(TOPIC_IDS_AND_TIMES.matcher(record).replaceAll("MASKED")));
            }
        }
        records.sort(null);
        return records;
    }
}
