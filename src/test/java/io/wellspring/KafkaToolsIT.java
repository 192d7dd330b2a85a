package io.wellspring;

import static org.assertj.core.api.Assertions.assertThat;

import io.wellspring.testing.BrokerProcess;
import io.wellspring.testing.ExternalProgram;
import io.wellspring.testing.KafkaTools;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Apache Kafka's own command-line tools print against Wellspring what they print against Kafka. */
final class KafkaToolsIT {
    @TempDir
    static Path directory;

    private static BrokerProcess broker;
    private static String bootstrap;

    @BeforeAll
    static void startBroker() {
        broker = BrokerProcess.start(directory.resolve("data"));
        bootstrap = broker.bootstrapServers();
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    @Test
    void topicsAreCreatedDescribedWidenedAndDeleted() throws IOException {
        assertThat(topics("--create", "--topic", "orders", "--partitions", "3", "--config", "retention.ms=3600000"))
                .contains("Created topic orders.");
        String described = topics("--describe", "--topic", "orders");
        assertThat(described)
                .containsPattern("Topic: orders\\s+TopicId: \\S{22}\\s+PartitionCount: 3\\s+ReplicationFactor: 1")
                .contains("retention.ms=3600000")
                .containsPattern("Partition: 2\\s+Leader: 1\\s+Replicas: 1\\s+Isr: 1");
        assertThat(topics("--list").lines()).contains("orders");

        topics("--alter", "--topic", "orders", "--partitions", "5");
        assertThat(topics("--describe", "--topic", "orders")).contains("PartitionCount: 5");

        topics("--delete", "--topic", "orders");
        assertThat(topics("--list").lines()).doesNotContain("orders");
        assertThat(KafkaTools.run(
                        KafkaTools.TOPICS, "--bootstrap-server", bootstrap, "--describe", "--topic", "orders"))
                .satisfies(result -> assertThat(result.exitCode()).isNotZero())
                .satisfies(result -> assertThat(result.output()).contains("does not exist as expected"));
    }

    @Test
    void refusalsReadAsWithKafka() throws IOException {
        topics("--create", "--topic", "taken");
        assertThat(run(KafkaTools.TOPICS, "--create", "--topic", "taken").output())
                .contains("Topic 'taken' already exists");
        assertThat(run(KafkaTools.TOPICS, "--create", "--topic", "wide", "--replication-factor", "2")
                        .output())
                .contains("replication factor");
        assertThat(run(KafkaTools.TOPICS, "--create", "--topic", "odd", "--config", "retention.ms=soon")
                        .output())
                .contains("retention.ms");
        assertThat(topics("--list").lines()).doesNotContain("wide", "odd");
    }

    @Test
    void settingsAreAlteredAndTakenBack() throws IOException {
        topics("--create", "--topic", "kept");
        String[] entity = {"--entity-type", "topics", "--entity-name", "kept"};
        assertThat(configs(entity, "--alter", "--add-config", "retention.ms=1000,cleanup.policy=compact"))
                .contains("Completed updating config for topic kept.");
        assertThat(configs(entity, "--describe"))
                .containsPattern("retention.ms=1000 sensitive=false synonyms=\\{DYNAMIC_TOPIC_CONFIG:retention.ms=1000")
                .contains("cleanup.policy=compact");
        configs(entity, "--alter", "--delete-config", "retention.ms");
        assertThat(configs(entity, "--describe")).doesNotContain("retention.ms=1000");
        assertThat(configs(entity, "--describe", "--all"))
                .contains("retention.ms=604800000", "max.message.bytes=1048588", "segment.bytes=1073741824");
    }

    @Test
    void brokersAndTheirLoggersAreDescribedAndAltered() throws IOException {
        String[] node = {"--entity-type", "brokers", "--entity-name", "1"};
        assertThat(configs(node, "--describe", "--all")).contains("node.id=1", "log.dirs=");
        String[] loggers = {"--entity-type", "broker-loggers", "--entity-name", "1"};
        configs(loggers, "--alter", "--add-config", "io.wellspring.api=DEBUG");
        assertThat(configs(loggers, "--describe")).contains("io.wellspring.api=DEBUG");
        configs(loggers, "--alter", "--delete-config", "io.wellspring.api");
    }

    @Test
    void recordsGoInAndComeOut() throws IOException {
        topics("--create", "--topic", "lines");
        String lines =
                IntStream.range(0, 1000).mapToObj(i -> "key" + i + ":value" + i).collect(Collectors.joining("\n"));
        KafkaTools.runWithInput(
                        lines.getBytes(StandardCharsets.UTF_8),
                        KafkaTools.CONSOLE_PRODUCER,
                        "--bootstrap-server",
                        bootstrap,
                        "--topic",
                        "lines",
                        "--reader-property",
                        "parse.key=true",
                        "--reader-property",
                        "key.separator=:")
                .succeeded();

        String read = run(
                        KafkaTools.CONSOLE_CONSUMER,
                        "--topic",
                        "lines",
                        "--partition",
                        "0",
                        "--offset",
                        "earliest",
                        "--max-messages",
                        "1000",
                        "--formatter-property",
                        "print.key=true",
                        "--formatter-property",
                        "key.separator=:")
                .succeeded();

        assertThat(read.lines().toList()).isEqualTo(lines.lines().toList());
        assertThat(run(KafkaTools.GET_OFFSETS, "--topic", "lines").succeeded()).contains("lines:0:1000");
        assertThat(run(KafkaTools.GET_OFFSETS, "--topic", "lines", "--time", "earliest")
                        .succeeded())
                .contains("lines:0:0");
        assertThat(run(KafkaTools.GET_OFFSETS, "--topic", "lines", "--time", "max-timestamp")
                        .succeeded())
                .containsPattern("lines:0:\\d+");
    }

    @Test
    void recordsAreDeletedUpToAnOffset() throws IOException {
        topics("--create", "--topic", "trimmed");
        KafkaTools.runWithInput(
                        "a\nb\nc\nd\n".getBytes(StandardCharsets.UTF_8),
                        KafkaTools.CONSOLE_PRODUCER,
                        "--bootstrap-server",
                        bootstrap,
                        "--topic",
                        "trimmed")
                .succeeded();
        Path json = Files.writeString(
                directory.resolve("delete.json"),
                "{\"partitions\":[{\"topic\":\"trimmed\",\"partition\":0,\"offset\":3}],\"version\":1}");
        assertThat(run(KafkaTools.DELETE_RECORDS, "--offset-json-file", json.toString())
                        .succeeded())
                .contains("partition: trimmed-0\tlow_watermark: 3");
        assertThat(run(KafkaTools.GET_OFFSETS, "--topic", "trimmed", "--time", "earliest")
                        .succeeded())
                .contains("trimmed:0:3");
    }

    @Test
    void theBrokerDescribesItself() throws IOException {
        topics("--create", "--topic", "weighed");
        assertThat(run(KafkaTools.LOG_DIRS, "--describe", "--topic-list", "weighed")
                        .succeeded())
                .contains(
                        "\"partition\":\"weighed-0\"",
                        "\"error\":null",
                        directory.resolve("data").toString());
        // StreamsGroupTopologyDescriptionUpdate is younger than the tool.
        assertThat(run(KafkaTools.API_VERSIONS).succeeded().replace("UNKNOWN(93): 0", ""))
                .contains("Produce(0): 0 to 13", "Fetch(1): 4 to 18", "ApiVersions(18): 0 to 5")
                .doesNotContain("UNKNOWN(");
        assertThat(KafkaTools.run(KafkaTools.CLUSTER, "cluster-id", "--bootstrap-server", bootstrap)
                        .succeeded())
                .containsPattern("Cluster ID: \\S{22}");
    }

    private static String topics(String... arguments) throws IOException {
        return run(KafkaTools.TOPICS, arguments).succeeded();
    }

    private static String configs(String[] entity, String... arguments) throws IOException {
        String[] all = new String[entity.length + arguments.length];
        System.arraycopy(entity, 0, all, 0, entity.length);
        System.arraycopy(arguments, 0, all, entity.length, arguments.length);
        return run(KafkaTools.CONFIGS, all).succeeded();
    }

    private static ExternalProgram.Result run(String tool, String... arguments) throws IOException {
        String[] all = new String[arguments.length + 2];
        all[0] = "--bootstrap-server";
        all[1] = bootstrap;
        System.arraycopy(arguments, 0, all, 2, arguments.length);
        return KafkaTools.run(tool, all);
    }
}
