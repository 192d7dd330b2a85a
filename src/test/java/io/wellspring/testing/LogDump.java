package io.wellspring.testing;

import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What Apache Kafka's own code makes of the files of a partition.
 *
 * @param output what the dump tool printed
 * @param complaints what it said against the files
 */
public record LogDump(List<String> output, List<String> complaints) {
    /** On its standard output the tool prints batches; these lines are against the file all the same. */
    private static final Pattern COMPLAINT =
            Pattern.compile("isvalid: false|^Found \\d+ invalid bytes|[Mm]ismatch|[Oo]ut of order");

    /** Kafka's logger, which has no configuration here, says so on the error stream. */
    private static final Pattern LOGGER = Pattern.compile("^(SLF4J|log4j|.*StatusLogger)[: ].*");

    /** Dumps these files with the tool's options. */
    public static LogDump of(List<Path> files, String... options) throws IOException {
        List<String> arguments = new ArrayList<>(
                List.of("--files", files.stream().map(Path::toString).collect(Collectors.joining(","))));
        arguments.addAll(Arrays.asList(options));
        ExternalProgram.Result result = KafkaTools.run(KafkaTools.DUMP_LOG, arguments.toArray(new String[0]));
        List<String> output = result.output().lines().toList();
        List<String> complaints = new ArrayList<>();
        if (result.exitCode() != 0) {
            complaints.add("exit code " + result.exitCode());
        }
        output.stream().filter(line -> COMPLAINT.matcher(line).find()).forEach(complaints::add);
        result.errors().lines().filter(line -> !LOGGER.matcher(line).matches()).forEach(complaints::add);
        return new LogDump(output, complaints);
    }

    /**
     * What the tool of Kafka 4.3 says of every sound file whose first offset is not 0 when it looks at single records, of Kafka's own files too: it
     * takes -1 for the offset before the first record of a file.
     */
    public static List<String> saidOfEverySegment(List<Path> logs) {
        List<String> said = new ArrayList<>();
        for (Path log : logs) {
            if (baseOffset(log) > 0) {
                said.add("Non-consecutive offsets in " + log.toAbsolutePath());
                said.add("  -1 is followed by " + baseOffset(log));
            }
        }
        return said;
    }

    /** The offset in a file's name. */
    public static long baseOffset(Path file) {
        String name = file.getFileName().toString();
        return Long.parseLong(name.substring(0, name.indexOf('.')));
    }

    /** Files of a partition whose names end so, by base offset. */
    public static List<Path> files(Path partition, String suffix) throws IOException {
        try (Stream<Path> all = Files.list(partition)) {
            return all.filter(file -> file.toString().endsWith(suffix)).sorted().toList();
        }
    }

    /** A leader epoch checkpoint as the class of Kafka's broker reads it, one text for each entry. */
    public static List<String> leaderEpochs(Path partition) throws IOException, ReflectiveOperationException {
        List<URL> classPath = new ArrayList<>();
        for (String entry : KafkaTools.classPath().split(File.pathSeparator, -1)) {
            classPath.add(Path.of(entry).toUri().toURL());
        }
        try (URLClassLoader kafka =
                new URLClassLoader(classPath.toArray(new URL[0]), ClassLoader.getPlatformClassLoader())) {
            Class<?> type = kafka.loadClass("org.apache.kafka.storage.internals.checkpoint.LeaderEpochCheckpointFile");
            Class<?> failures = kafka.loadClass("org.apache.kafka.storage.internals.log.LogDirFailureChannel");
            Object checkpoint = type.getConstructor(File.class, failures)
                    .newInstance(
                            partition.resolve("leader-epoch-checkpoint").toFile(),
                            failures.getConstructor(int.class).newInstance(1));
            List<?> entries = (List<?>) type.getMethod("read").invoke(checkpoint);
            return entries.stream().map(String::valueOf).toList();
        }
    }
}
