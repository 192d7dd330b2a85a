package io.wellspring.bench.report;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/** What one measurement of one broker gave. */
public final class Figures {
    private final Map<Metric, Double> values = new EnumMap<>(Metric.class);

    /** Adds one. */
    public Figures with(Metric metric, double value) {
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException(metric + " is " + value);
        }
        values.put(metric, value);
        return this;
    }

    /** All of them, in the order of the metrics. */
    public Map<Metric, Double> values() {
        return Collections.unmodifiableMap(values);
    }
}
