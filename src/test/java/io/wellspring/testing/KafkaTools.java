package io.wellspring.testing;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Apache Kafka's own command-line tools, each run in a process with the class path that the build wrote for them. */
public final class KafkaTools {
    public static final String TOPICS = "org.apache.kafka.tools.TopicCommand";
    public static final String CONFIGS = "kafka.admin.ConfigCommand";
    public static final String CONSOLE_PRODUCER = "org.apache.kafka.tools.ConsoleProducer";
    public static final String CONSOLE_CONSUMER = "org.apache.kafka.tools.consumer.ConsoleConsumer";
    public static final String GET_OFFSETS = "org.apache.kafka.tools.GetOffsetShell";
    public static final String DELETE_RECORDS = "org.apache.kafka.tools.DeleteRecordsCommand";
    public static final String LOG_DIRS = "org.apache.kafka.tools.LogDirsCommand";
    public static final String DUMP_LOG = "org.apache.kafka.tools.DumpLogSegments";
    public static final String API_VERSIONS = "org.apache.kafka.tools.BrokerApiVersionsCommand";
    public static final String CONSUMER_GROUPS = "org.apache.kafka.tools.consumer.group.ConsumerGroupCommand";
    public static final String GROUPS = "org.apache.kafka.tools.GroupsCommand";
    public static final String CLUSTER = "org.apache.kafka.tools.ClusterTool";
    public static final String STREAMS_GROUPS = "org.apache.kafka.tools.streams.StreamsGroupCommand";

    private static final Duration LIMIT = Duration.ofMinutes(2);

    private KafkaTools() {}

    /** The class path of Kafka's tools and broker. */
    public static String classPath() throws IOException {
        return ProgramClassPath.of("kafka");
    }

    /** The command that runs a main class of Kafka's on the JDK of this JVM. */
    public static List<String> command(String mainClass, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                // Without these the JVM warns on the error stream, where a test looks for what the tool says.
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                classPath(),
                mainClass));
        command.addAll(arguments);
        return command;
    }

    /** Runs a tool's main class to its end. */
    public static ExternalProgram.Result run(String mainClass, String... arguments) throws IOException {
        return ExternalProgram.run(LIMIT, command(mainClass, List.of(arguments)));
    }

    /** Runs a tool that reads its standard input. */
    public static ExternalProgram.Result runWithInput(byte[] input, String mainClass, String... arguments)
            throws IOException {
        return ExternalProgram.run(LIMIT, input, command(mainClass, List.of(arguments)));
    }
}
