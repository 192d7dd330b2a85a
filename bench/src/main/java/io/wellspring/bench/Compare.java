package io.wellspring.bench;

import io.wellspring.bench.broker.Broker;
import io.wellspring.bench.broker.Disk;
import io.wellspring.bench.broker.Floor;
import io.wellspring.bench.broker.Kafka;
import io.wellspring.bench.broker.Programs;
import io.wellspring.bench.broker.Wellspring;
import io.wellspring.bench.machine.Stalls;
import io.wellspring.bench.report.CsvReport;
import io.wellspring.bench.report.Machine;
import io.wellspring.bench.report.MarkdownReport;
import io.wellspring.bench.report.RatioPlot;
import io.wellspring.bench.report.Results;
import io.wellspring.bench.workload.Case;
import io.wellspring.bench.workload.Stage;
import io.wellspring.bench.workload.Workload;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** {@code bench/compare}: measures the cases that are wanted, in turn, and writes the report. Ends with 0 if all of them could be measured. */
public final class Compare {
    private static final int FAILED = 1;
    private static final int NOT_UNDERSTOOD = 2;
    private static final int BYTES_PER_MB = 1_000_000;

    private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");

    private final Options options;
    private final PrintStream out;
    private final Results results = new Results();

    private Compare(Options options, PrintStream out) {
        this.options = options;
        this.out = out;
    }

    /** The command. */
    public static void main(String[] arguments) throws IOException {
        Options options;
        try {
            options = Options.parse(arguments);
        } catch (Options.UsageException e) {
            System.err.println(e.getMessage() + "\n\n" + Options.USAGE);
            System.exit(NOT_UNDERSTOOD);
            return;
        }
        System.exit(new Compare(options, System.out).run());
    }

    private int run() throws IOException {
        if (options.isList()) {
            for (Case each : wanted()) {
                out.println(each.id() + "\t" + each.title());
            }
            return 0;
        }
        Files.createDirectories(options.work());
        // What a run left that was broken off.
        Disk.delete(Stage.brokers(options.work()));
        Files.createDirectories(options.report());
        Machine machine = Machine.look(options.work());
        if (machine.isBusy()) {
            out.println("The machine is busy (load " + machine.load() + "): the figures will not be worth much.");
        }
        List<Broker> brokers = brokers();
        try (Stalls stalls = Stalls.watch(JAVA);
                Stage stage = new Stage(options.work(), options.scale(), brokers, stalls)) {
            for (Workload workload : Workload.ALL) {
                for (Case each : workload.cases(options.scale())) {
                    if (options.isWanted(each.id())) {
                        measure(workload, each, stage, brokers);
                        // After each case: what breaks off after hours has left something.
                        write(machine, stalls);
                    }
                }
            }
        } finally {
            Disk.delete(Stage.brokers(options.work()));
        }
        out.println();
        out.println(Files.readString(options.report().resolve("report.md"), StandardCharsets.UTF_8));
        out.println("report: " + options.report());
        return results.failures().isEmpty() ? 0 : FAILED;
    }

    private List<Case> wanted() {
        List<Case> wanted = new ArrayList<>();
        for (Workload workload : Workload.ALL) {
            for (Case each : workload.cases(options.scale())) {
                if (options.isWanted(each.id())) {
                    wanted.add(each);
                }
            }
        }
        return wanted;
    }

    private List<Broker> brokers() throws IOException {
        Programs programs = new Programs(
                JAVA,
                options.heap(),
                options.prepared(),
                options.wellspring(),
                Files.readString(options.kafkaClassPath(), StandardCharsets.UTF_8)
                        .strip(),
                options.kafka());
        List<Broker> all = List.of(new Wellspring(programs), new Kafka(programs), new Floor(programs));
        return all.stream()
                .filter(broker -> options.sides().contains(broker.name().toLowerCase(Locale.ROOT)))
                .toList();
    }

    private void measure(Workload workload, Case each, Stage stage, List<Broker> brokers) throws IOException {
        Results.CaseName name = new Results.CaseName(workload.letter(), each.id(), each.title(), each.main());
        try {
            int warmUps = options.scale().warmUpPairs(each);
            for (int pair = 1 - warmUps; pair <= options.scale().pairs(); pair++) {
                for (Broker broker : brokers) {
                    if (!broker.isWhole() && !each.hasFloor()) {
                        continue;
                    }
                    long begin = System.nanoTime();
                    Results.Sample sample = new Results.Sample(name, pair, broker.name(), each.measure(broker, stage));
                    if (pair > 0) {
                        results.add(sample);
                    }
                    say(sample, System.nanoTime() - begin);
                }
            }
        } catch (IOException | RuntimeException e) {
            results.addFailure("`" + each.id() + "`: " + firstLine(e));
            out.println(each.id() + " failed");
            tell(e);
            // What is left of the brokers is not to be trusted.
            stage.close();
        } finally {
            stage.endCase();
        }
    }

    private void tell(Throwable error) {
        for (Throwable each = error; each != null; each = each.getCause()) {
            out.println(each);
            for (StackTraceElement element : each.getStackTrace()) {
                out.println("    at " + element);
            }
        }
    }

    private static String firstLine(Throwable error) {
        return error.toString().lines().findFirst().orElse("");
    }

    private void say(Results.Sample sample, long elapsedNanos) {
        out.printf(
                Locale.ROOT,
                "%-22s %2d %-10s %5.1f s  %s%n",
                sample.name().id(),
                sample.pair(),
                sample.broker(),
                elapsedNanos / 1e9,
                text(sample));
    }

    private static String text(Results.Sample sample) {
        List<String> parts = new ArrayList<>();
        sample.figures()
                .values()
                .forEach((metric, value) -> parts.add(String.format(Locale.ROOT, "%s=%.4g", metric, value)));
        return String.join(" ", parts);
    }

    private void write(Machine machine, Stalls stalls) throws IOException {
        List<String> lines = new ArrayList<>(new MarkdownReport(results).lines(about(machine, stalls)));
        if (RatioPlot.write(results, options.report(), "ratios")) {
            lines.addAll(List.of("", "![Each case's main figure, Kafka being 1](ratios.svg)"));
        }
        Files.write(options.report().resolve("report.md"), lines);
        Files.write(options.report().resolve("figures.csv"), CsvReport.lines(results));
    }

    private List<String> about(Machine machine, Stalls stalls) throws IOException {
        List<String> about = new ArrayList<>();
        about.add(machine.text());
        about.add("Kafka: " + version() + "; heap of both where equal: " + options.heap() + "; pairs: "
                + options.scale().pairs() + "; per measurement: "
                + options.scale().sizeBytes() / BYTES_PER_MB + " MB or "
                + options.scale().duration().toMillis() / 1000.0 + " s");
        about.add(
                "\"While the machine ran\": without what was to be sent while a processor stood still for 3 ms or more, or up to 0.1 s later; it is watched by "
                        + stalls.text());
        addExtras(about, "Wellspring", options.wellspring());
        addExtras(about, "Kafka", options.kafka());
        if (options.scale().isBrokerKept()) {
            about.add("**A quick run: it shows that the instrument works, and its figures mean nothing.**");
        } else if (machine.isBusy()) {
            about.add("**The machine was busy before the run: measure again.**");
        }
        return about;
    }

    private static void addExtras(List<String> about, String name, Programs.Extras extras) {
        if (!extras.equals(Programs.Extras.NONE)) {
            about.add(name + " with flags " + extras.flags() + " and arguments " + extras.arguments());
        }
    }

    private String version() throws IOException {
        String classPath = Files.readString(options.kafkaClassPath(), StandardCharsets.UTF_8);
        return classPath
                .replaceFirst("(?s).*kafka_2\\.13-([0-9.]+)\\.jar.*", "$1")
                .strip();
    }
}
