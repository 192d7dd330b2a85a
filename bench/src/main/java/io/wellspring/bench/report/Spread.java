package io.wellspring.bench.report;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * Several measurements of one thing.
 *
 * @param median of an even number: the mean of the two in the middle
 */
public record Spread(double median, double least, double most) {
    /** Empty if there are no values. */
    public static Optional<Spread> of(List<Double> values) {
        if (values.isEmpty()) {
            return Optional.empty();
        }
        double[] sorted = values.stream().mapToDouble(Double::doubleValue).toArray();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        double median = sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return Optional.of(new Spread(median, sorted[0], sorted[sorted.length - 1]));
    }

    /**
     * Ratios pair by pair: what disturbs the machine for a while disturbs both of a pair, and falls out. Empty unless there are as many of both; a pair
     * whose second is 0 is left out.
     */
    public static Optional<Spread> ofRatios(List<Double> ours, List<Double> theirs) {
        if (ours.size() != theirs.size()) {
            return Optional.empty();
        }
        DoubleStream ratios = IntStream.range(0, ours.size())
                .filter(i -> theirs.get(i) != 0)
                .mapToDouble(i -> ours.get(i) / theirs.get(i));
        return of(ratios.boxed().toList());
    }
}
