package io.wellspring.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A client that others wrote, driven by a script of ours. Every script has the same commands, followed by bootstrap address and topic:
 *
 * <pre>
 *   create  PARTITIONS            makes the topic; prints how many partitions it has
 *   produce CODEC                 sends the records on standard input, fails unless each is acknowledged with its offset
 *   consume PARTITIONS            prints the records from the beginning to the end
 *   offsets PARTITIONS TIMESTAMP  prints for each partition: number, first offset, end, first offset at or after the time
 *   group   GROUP                 reads as a member of a group until SIGTERM, prints partition and offset of each record, then commits it
 * </pre>
 *
 * @param command the script's interpreter and the script
 */
public record OtherClient(List<String> command) {
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final Path SCRIPTS = Path.of("src/test/resources/clients");

    /** Debian's confluent_kafka, for Debian's Python. */
    public static OtherClient librdkafka() {
        return new OtherClient(
                List.of("/usr/bin/python3", SCRIPTS.resolve("librdkafka.py").toString()));
    }

    /** kafkajs and codecs written in JavaScript, installed into the build directory. */
    public static OtherClient kafkaJs() throws IOException {
        Path modules = Path.of("target/npm");
        Files.createDirectories(modules);
        Files.writeString(modules.resolve("package.json"), "{\"private\": true}");
        ExternalProgram.run(
                        LIMIT,
                        List.of(
                                "npm",
                                "install",
                                "--prefix",
                                modules.toString(),
                                "--no-audit",
                                "--no-fund",
                                "--no-save",
                                "--no-package-lock",
                                "--ignore-scripts",
                                "--prefer-offline",
                                "kafkajs@2.2.4",
                                "kafkajs-snappy@1.1.0",
                                "lz4js@0.2.0",
                                "zstd-codec@0.1.5"))
                .succeeded();
        Path script = modules.resolve("kafkajs.js");
        Files.copy(SCRIPTS.resolve("kafkajs.js"), script, StandardCopyOption.REPLACE_EXISTING);
        return new OtherClient(List.of("node", script.toString()));
    }

    /** Starts a command that runs on. */
    public ClientProcess start(String... arguments) throws IOException {
        List<String> all = new ArrayList<>(command);
        all.addAll(Arrays.asList(arguments));
        return ClientProcess.start(all);
    }

    /** Runs a command to its end. @return the lines that it printed */
    public List<String> run(List<String> input, String... arguments) throws IOException {
        List<String> all = new ArrayList<>(command);
        all.addAll(Arrays.asList(arguments));
        String lines = input.isEmpty() ? "" : String.join("\n", input) + "\n";
        return ExternalProgram.run(LIMIT, lines.getBytes(StandardCharsets.UTF_8), all)
                .succeeded()
                .lines()
                .toList();
    }
}
