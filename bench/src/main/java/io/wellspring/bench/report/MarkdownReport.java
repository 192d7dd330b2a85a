package io.wellspring.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The table that people read. */
public final class MarkdownReport {
    private static final String OURS = "Wellspring";
    private static final String THEIRS = "Kafka";
    private static final String FLOOR = "floor";
    private static final String NONE = "–";

    private final Results results;

    public MarkdownReport(Results results) {
        this.results = results;
    }

    /**
     * The whole report.
     *
     * @param about lines that say how and on what it was measured
     */
    public List<String> lines(List<String> about) {
        List<String> lines = new ArrayList<>();
        lines.add("# Wellspring and Kafka side by side");
        lines.add("");
        about.forEach(line -> lines.add("- " + line));
        lines.add("");
        lines.add(
                "Figures are medians; a ratio is the median of the ratios of the pairs, with the least and the most of them. "
                        + "↓: less is better, ↑: more is better. GB is 10⁹ bytes of batches as they are on the wire.");
        addTargets(lines);
        addTable(lines);
        if (!results.failures().isEmpty()) {
            lines.add("");
            lines.add("## Failed");
            lines.add("");
            results.failures().forEach(failure -> lines.add("- " + failure));
        }
        return lines;
    }

    private void addTargets(List<String> lines) {
        lines.add("");
        lines.add("## Targets");
        lines.add("");
        lines.add("| | target | measured | |");
        lines.add("|---|---|---|---|");
        for (Target target : Target.ALL) {
            Optional<Double> measured = target.measured(results);
            String verdict = measured.map(value -> target.isMet(value) ? "met" : "**missed**")
                    .orElse("not measured");
            lines.add(row(
                    target.title(),
                    target.limitText(),
                    measured.map(Numbers::text).orElse(NONE),
                    verdict));
        }
    }

    private void addTable(List<String> lines) {
        String workload = "";
        for (Map.Entry<Results.CaseName, Set<Metric>> entry : results.cases().entrySet()) {
            Results.CaseName name = entry.getKey();
            if (!workload.equals(name.workload())) {
                workload = name.workload();
                lines.add("");
                lines.add("## Workload (" + workload + ")");
                lines.add("");
                lines.add("| case | figure | Wellspring | Kafka | Wellspring ÷ Kafka | floor | Wellspring ÷ floor |");
                lines.add("|---|---|---:|---:|---:|---:|---:|");
            }
            for (Metric metric : entry.getValue()) {
                lines.add(row(name, metric));
            }
        }
    }

    private String row(Results.CaseName name, Metric metric) {
        List<Double> ours = results.values(name.id(), OURS, metric);
        List<Double> theirs = results.values(name.id(), THEIRS, metric);
        List<Double> floor = results.values(name.id(), FLOOR, metric);
        String unit = metric.unit().isEmpty() ? "" : ", " + metric.unit();
        return row(
                name.title() + " (`" + name.id() + "`)",
                metric.title() + unit + arrow(metric),
                median(ours),
                median(theirs),
                Spread.ofRatios(ours, theirs)
                        .map(ratio -> "**" + Numbers.text(ratio.median()) + "** (" + Numbers.text(ratio.least()) + "–"
                                + Numbers.text(ratio.most()) + ")")
                        .orElse(NONE),
                median(floor),
                Spread.ofRatios(ours, floor)
                        .map(ratio -> Numbers.text(ratio.median()))
                        .orElse(NONE));
    }

    private static String arrow(Metric metric) {
        return switch (metric.better()) {
            case LESS -> " ↓";
            case MORE -> " ↑";
            case NEITHER -> "";
        };
    }

    private static String median(List<Double> values) {
        return Spread.of(values).map(spread -> Numbers.text(spread.median())).orElse(NONE);
    }

    private static String row(String... cells) {
        return "| " + String.join(" | ", cells) + " |";
    }
}
