package io.wellspring.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Runs Kafka's tools as a file says, one command a line: the tool's name as Kafka's {@code bin} has it, without {@code kafka-}, and its words. A line
 * {@code write} makes a file of its words, which commands call {@code PLAN}. What differs between two runs of the same is masked.
 */
public final class ToolScript {
    private static final List<Mask> MASKS = List.of(
            new Mask("127\\.0\\.0\\.1:\\d+", "HOST"),
            new Mask("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "UUID"),
            // Kafka's short form of the same.
            new Mask("(?<=[\\s\"]|^)[A-Za-z0-9_-]{22}(?=[\\s\"]|$)", "UUID"),
            new Mask("^\\[\\d{4}-\\d\\d-\\d\\d [0-9:,]+\\]", "TIME"),
            // Columns are as wide as what stands in them.
            new Mask("\\s+", " "));

    /** Kafka's logger, which has no configuration here, and where an exception was thrown. */
    private static final Pattern NOISE =
            Pattern.compile("^(SLF4J|log4j|.*StatusLogger)[: ].*|^\\s+at .*|\\s+\\.\\.\\. \\d+ more");

    private final KafkaToolbox tools;
    private final String bootstrap;
    private final Path plan;

    private record Mask(Pattern pattern, String shown) {
        Mask(String pattern, String shown) {
            this(Pattern.compile(pattern), shown);
        }
    }

    /**
     * What a command printed.
     *
     * @param lines of both streams, masked and sorted: brokers keep groups in tables; the exit code first
     */
    public record Printed(String command, List<String> lines) {
        public String text() {
            return "$ " + command + "\n" + String.join("\n", lines) + "\n";
        }
    }

    /** @param plan where a file may be written */
    public ToolScript(KafkaToolbox tools, String bootstrap, Path plan) {
        this.tools = tools;
        this.bootstrap = bootstrap;
        this.plan = plan;
    }

    /** Runs the commands of a file, one after the other. */
    public List<Printed> run(Path script) throws IOException, ReflectiveOperationException {
        List<Printed> printed = new ArrayList<>();
        for (String line : Files.readAllLines(script)) {
            if (line.startsWith("write ")) {
                Files.writeString(plan, line.substring("write ".length()).replace(' ', '\n') + "\n");
            } else if (!line.isBlank() && !line.startsWith("#")) {
                printed.add(run(line));
            }
        }
        return printed;
    }

    private Printed run(String command) throws IOException, ReflectiveOperationException {
        List<String> words = new ArrayList<>(List.of(command.split(" ", -1)));
        String tool = words.removeFirst();
        words.replaceAll(word -> word.equals("PLAN") ? plan.toString() : word);
        words.add("--bootstrap-server");
        words.add(bootstrap);
        String[] arguments = words.toArray(new String[0]);
        // The console consumer counts its records in a static field.
        ExternalProgram.Result result = tool.equals("console-consumer")
                ? KafkaTools.run(KafkaTools.CONSOLE_CONSUMER, arguments)
                : tools.run(mainClass(tool), arguments);
        List<String> lines = new ArrayList<>();
        lines.add("exit code " + result.exitCode());
        (result.output() + "\n" + result.errors())
                .replace(plan.toString(), "PLAN")
                .lines()
                .filter(line -> !line.isBlank() && !NOISE.matcher(line).matches())
                .map(ToolScript::masked)
                .sorted()
                .forEach(lines::add);
        return new Printed(command, lines);
    }

    private static String mainClass(String tool) {
        return switch (tool) {
            case "consumer-groups" -> KafkaTools.CONSUMER_GROUPS;
            case "groups" -> KafkaTools.GROUPS;
            case "streams-groups" -> KafkaTools.STREAMS_GROUPS;
            case "configs" -> KafkaTools.CONFIGS;
            case "topics" -> KafkaTools.TOPICS;
            case "get-offsets" -> KafkaTools.GET_OFFSETS;
            case "delete-records" -> KafkaTools.DELETE_RECORDS;
            default -> throw new AssertionError("no such tool: " + tool);
        };
    }

    /** The line without what differs from run to run. */
    public static String masked(String line) {
        String masked = line;
        for (Mask mask : MASKS) {
            masked = mask.pattern().matcher(masked).replaceAll(mask.shown());
        }
        return masked.strip();
    }
}
