package io.wellspring;

import static org.assertj.core.api.Assertions.assertThat;

import io.wellspring.testing.BrokerProcess;
import io.wellspring.testing.ExternalProgram;
import io.wellspring.testing.NeedsPackage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** kcat, that is librdkafka: a client of another family. */
@NeedsPackage(value = "kcat", provides = "kcat")
final class KcatIT {
    private static final Duration LIMIT = Duration.ofMinutes(1);

    @TempDir
    static Path directory;

    private static BrokerProcess broker;

    @BeforeAll
    static void startBroker() {
        broker = BrokerProcess.start(directory.resolve("data"));
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "gzip", "snappy", "lz4", "zstd"})
    void whatKcatWritesKcatReads(String codec) throws IOException {
        String topic = "kcat-" + codec;
        List<String> lines = IntStream.range(0, 5000)
                .mapToObj(i -> "k" + i + ":value number " + i)
                .toList();
        byte[] input = (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8);

        kcat(input, "-P", "-t", topic, "-K:", "-z", codec, "-X", "enable.idempotence=true", "-H", "trace=42");
        String read = kcat(new byte[0], "-C", "-t", topic, "-e", "-q", "-o", "beginning", "-f", "%o %h %k:%s\\n");

        List<String> expected = IntStream.range(0, 5000)
                .mapToObj(i -> i + " trace=42 " + lines.get(i))
                .toList();
        assertThat(read.lines().toList()).isEqualTo(expected);
    }

    @Test
    void metadataListsBrokerAndTopics() throws IOException {
        kcat("x\n".getBytes(StandardCharsets.UTF_8), "-P", "-t", "listed");
        assertThat(kcat(new byte[0], "-L", "-J"))
                .contains("\"name\":\"" + broker.bootstrapServers() + "\"")
                .contains("\"topic\":\"listed\"");
    }

    @Test
    void offsetsAreFoundByTime() throws IOException {
        kcat("a\nb\nc\n".getBytes(StandardCharsets.UTF_8), "-P", "-t", "timed");
        assertThat(kcat(new byte[0], "-Q", "-t", "timed:0:0")).contains("timed [0] offset 0");
        assertThat(kcat(new byte[0], "-Q", "-t", "timed:0:-1")).contains("timed [0] offset 3");
    }

    private static String kcat(byte[] input, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("kcat", "-b", broker.bootstrapServers()));
        command.addAll(Arrays.asList(arguments));
        return ExternalProgram.run(LIMIT, input, command).succeeded();
    }
}
