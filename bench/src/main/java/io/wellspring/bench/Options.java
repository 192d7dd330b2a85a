package io.wellspring.bench;

import io.wellspring.bench.broker.Programs;
import io.wellspring.bench.report.Target;
import io.wellspring.bench.workload.Scale;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * What the command line says.
 *
 * @param prepared what {@code bin/prepare} made of Wellspring's jar
 * @param only beginnings of the cases' ids that are run; empty: all
 * @param sides names of those that take part
 * @param work where brokers keep their data; emptied after use
 * @param report where the report goes
 * @param isList whether only the cases are to be told
 */
record Options(
        Path prepared,
        Path kafkaClassPath,
        Scale scale,
        List<String> only,
        List<String> sides,
        Path work,
        Path report,
        String heap,
        Programs.Extras wellspring,
        Programs.Extras kafka,
        boolean isList) {
    static final String USAGE = """
            bench/compare [options]
              --quick                 tiny amounts, one pair: to see whether the instrument works
              --only a,b.tail,...     workloads by letter, or cases by the beginning of their id
              --targets               only the cases that a target is held against
              --list                  tell the cases and end
              --pairs N               measured pairs of each case (5)
              --warm-up-pairs N       pairs before them, not measured (4)
              --bytes SIZE            sent per measurement where a case counts bytes, such as 512m (2g)
              --seconds N             where a case counts time (20)
              --sides LIST            of wellspring,kafka,floor (all)
              --heap SIZE             of both brokers where heaps are equal (1g)
              --jar FILE              another Wellspring than this working copy's
              --wellspring-flag FLAG  one more flag for Wellspring's JVM; may be repeated
              --wellspring-arg ARG    one more argument for Wellspring, such as --wellspring.partition.shards=2; may be repeated
              --kafka-flag FLAG       one more flag for Kafka's JVM; may be repeated
              --kafka-property LINE   one more line for Kafka's properties; may be repeated
              --work DIR              where brokers keep their data (bench/target/work)
              --report DIR            where the report goes (bench/target/report)
            """;

    /** A command line that cannot be followed. */
    static final class UsageException extends Exception {
        private static final long serialVersionUID = 1;

        UsageException(String message) {
            super(message);
        }
    }

    static Options parse(String... arguments) throws UsageException {
        return new Parser(arguments).parse();
    }

    boolean isWanted(String caseId) {
        return only.isEmpty()
                || only.stream().anyMatch(wanted -> caseId.equals(wanted) || caseId.startsWith(wanted + "."));
    }

    /** Reads from left to right. */
    private static final class Parser {
        private static final int NOT_GIVEN = -1;

        private final ArrayDeque<String> left;
        private Path prepared = Path.of("bench/target/wellspring");
        private Path kafkaClassPath = Path.of("bench/target/kafka.classpath");
        private Path work = Path.of("bench/target/work");
        private Path report = Path.of("bench/target/report");
        private String heap = "1g";
        private boolean isQuick;
        private boolean isList;
        private int pairs;
        private int warmUpPairs = NOT_GIVEN;
        private long bytes;
        private Duration duration = Duration.ZERO;
        private List<String> only = List.of();
        private List<String> sides = List.of("wellspring", "kafka", "floor");
        private final List<String> wellspringFlags = new ArrayList<>();
        private final List<String> wellspringArguments = new ArrayList<>();
        private final List<String> kafkaFlags = new ArrayList<>();
        private final List<String> kafkaProperties = new ArrayList<>();

        Parser(String... arguments) {
            left = new ArrayDeque<>(List.of(arguments));
        }

        Options parse() throws UsageException {
            while (!left.isEmpty()) {
                String option = left.remove();
                switch (option) {
                    case "--quick" -> isQuick = true;
                    case "--list" -> isList = true;
                    case "--targets" ->
                        only = Target.ALL.stream()
                                .map(Target::caseId)
                                .distinct()
                                .toList();
                    case "--pairs" -> pairs = Math.toIntExact(number(option));
                    case "--warm-up-pairs" -> warmUpPairs = Math.toIntExact(number(option, 0));
                    case "--bytes" -> bytes = size(option);
                    case "--seconds" -> duration = Duration.ofSeconds(number(option));
                    case "--only" -> only = List.of(value(option).split(","));
                    case "--sides" -> sides = List.of(value(option).split(","));
                    case "--heap" -> heap = value(option);
                    case "--prepared" -> prepared = Path.of(value(option));
                    case "--kafka-class-path" -> kafkaClassPath = Path.of(value(option));
                    case "--wellspring-flag" -> wellspringFlags.add(value(option));
                    case "--wellspring-arg" -> wellspringArguments.add(value(option));
                    case "--kafka-flag" -> kafkaFlags.add(value(option));
                    case "--kafka-property" -> kafkaProperties.add(value(option));
                    case "--work" -> work = Path.of(value(option));
                    case "--report" -> report = Path.of(value(option));
                    default -> throw new UsageException("unknown option " + option);
                }
            }
            return options();
        }

        private Options options() {
            Scale scale = isQuick ? Scale.QUICK : Scale.FULL;
            if (pairs > 0) {
                scale = scale.withPairs(pairs);
            }
            if (warmUpPairs != NOT_GIVEN) {
                scale = scale.withWarmUpPairs(warmUpPairs);
            }
            if (bytes > 0) {
                scale = scale.withSizeBytes(bytes);
            }
            if (duration.isPositive()) {
                scale = scale.withDuration(duration);
            }
            return new Options(
                    prepared.toAbsolutePath(),
                    kafkaClassPath,
                    scale,
                    only,
                    sides,
                    work.toAbsolutePath(),
                    report.toAbsolutePath(),
                    heap,
                    new Programs.Extras(wellspringFlags, wellspringArguments),
                    new Programs.Extras(kafkaFlags, kafkaProperties),
                    isList);
        }

        private String value(String option) throws UsageException {
            String value = left.poll();
            if (value == null) {
                throw new UsageException(option + " needs a value");
            }
            return value;
        }

        private long number(String option) throws UsageException {
            return number(option, 1);
        }

        private long number(String option, long least) throws UsageException {
            String value = value(option);
            try {
                long number = Long.parseLong(value);
                if (number >= least) {
                    return number;
                }
            } catch (NumberFormatException e) {
                throw new UsageException(option + " needs a number, not " + value);
            }
            throw new UsageException(option + " needs a number from " + least + " up, not " + value);
        }

        private long size(String option) throws UsageException {
            String value = left.isEmpty() ? "" : left.element();
            int shift = switch (value.isEmpty() ? ' ' : Character.toLowerCase(value.charAt(value.length() - 1))) {
                case 'k' -> 10;
                case 'm' -> 20;
                case 'g' -> 30;
                default -> 0;
            };
            if (shift > 0) {
                left.remove();
                left.addFirst(value.substring(0, value.length() - 1));
            }
            return number(option) << shift;
        }
    }
}
