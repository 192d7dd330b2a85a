package io.wellspring.bench.load;

import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/**
 * Latencies, kept apart by the fifth of a second in which each request was to be sent, so that a time in which the machine stood still can be left out.
 *
 * <p>Threads: one.
 */
public final class Latencies {
    private static final int DIGITS = 3;
    private static final long SLICE_NANOS = 200_000_000;
    private static final double NANOS_PER_MS = 1e6;

    private final Map<Long, Histogram> slices = new TreeMap<>();

    /** Chooses times. */
    @FunctionalInterface
    public interface Choice {
        /** Whether requests that were to be sent between these two moments count, which are those of {@link System#nanoTime()}. */
        boolean isTaken(long fromNanos, long toNanos) throws IOException;
    }

    /**
     * Adds one.
     *
     * @param intendedNanos when it was to be sent, by {@link System#nanoTime()}
     */
    public void add(long intendedNanos, long latencyNanos) {
        slices.computeIfAbsent(Math.floorDiv(intendedNanos, SLICE_NANOS), _ -> new Histogram(DIGITS))
                .recordValue(latencyNanos);
    }

    /** Those of the times that are chosen. */
    public Latencies only(Choice choice) throws IOException {
        Latencies chosen = new Latencies();
        for (Map.Entry<Long, Histogram> slice : slices.entrySet()) {
            long from = slice.getKey() * SLICE_NANOS;
            if (choice.isTaken(from, from + SLICE_NANOS)) {
                chosen.slices.put(slice.getKey(), slice.getValue());
            }
        }
        return chosen;
    }

    /** How many there are. */
    public long count() {
        return slices.values().stream().mapToLong(Histogram::getTotalCount).sum();
    }

    /** The latency that so many of a hundred did not exceed, in milliseconds; 0 if there are none. */
    public double ms(double percentile) {
        Histogram all = new Histogram(DIGITS);
        slices.values().forEach(all::add);
        return all.getValueAtPercentile(percentile) / NANOS_PER_MS;
    }
}
