package io.wellspring.bench.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Everything that was measured, and what failed.
 *
 * <p>Threads: one.
 */
public final class Results {
    /**
     * A case, as reports name it.
     *
     * @param workload its letter
     * @param main the metric that stands for the case in the plot
     */
    public record CaseName(String workload, String id, String title, Metric main) {}

    /**
     * One measurement.
     *
     * @param pair from 1 on
     */
    public record Sample(CaseName name, int pair, String broker, Figures figures) {}

    private final List<Sample> samples = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();

    /** Adds a measurement. */
    public void add(Sample sample) {
        samples.add(sample);
    }

    /** Adds a sentence about a case that could not be measured. */
    public void addFailure(String failure) {
        failures.add(failure);
    }

    public List<Sample> samples() {
        return List.copyOf(samples);
    }

    public List<String> failures() {
        return List.copyOf(failures);
    }

    /** The cases with their metrics, in the order they were measured. */
    public Map<CaseName, Set<Metric>> cases() {
        Map<CaseName, Set<Metric>> cases = new LinkedHashMap<>();
        for (Sample sample : samples) {
            cases.computeIfAbsent(sample.name(), _ -> new TreeSet<>())
                    .addAll(sample.figures().values().keySet());
        }
        return cases;
    }

    /** The values of one broker, pair by pair. */
    public List<Double> values(String caseId, String broker, Metric metric) {
        List<Double> values = new ArrayList<>();
        for (Sample sample : samples) {
            Double value = sample.figures().values().get(metric);
            if (sample.name().id().equals(caseId) && sample.broker().equals(broker) && value != null) {
                values.add(value);
            }
        }
        return values;
    }
}
