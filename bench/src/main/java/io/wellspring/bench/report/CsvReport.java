package io.wellspring.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Every figure of every measurement, one a line, for other programs. */
public final class CsvReport {
    private CsvReport() {}

    /** With a line of names first. */
    public static List<String> lines(Results results) {
        List<String> lines = new ArrayList<>();
        lines.add("workload,case,title,pair,broker,metric,unit,value");
        for (Results.Sample sample : results.samples()) {
            Results.CaseName name = sample.name();
            for (Map.Entry<Metric, Double> figure : sample.figures().values().entrySet()) {
                lines.add(String.join(
                        ",",
                        name.workload(),
                        name.id(),
                        quoted(name.title()),
                        Integer.toString(sample.pair()),
                        sample.broker(),
                        figure.getKey().name(),
                        quoted(figure.getKey().unit()),
                        Double.toString(figure.getValue())));
            }
        }
        return lines;
    }

    private static String quoted(String text) {
        return '"' + text.replace("\"", "\"\"") + '"';
    }
}
