package io.wellspring.bench.report;

import java.util.List;
import java.util.Optional;

/**
 * What is to hold, and of which figure.
 *
 * @param title as people say it
 * @param limit that the measured figure is held against
 */
public record Target(String title, String caseId, Metric metric, Against against, Bound bound, double limit) {
    private static final String OURS = "Wellspring";

    /** What our figure is divided by. */
    public enum Against {
        KAFKA("Kafka"),
        FLOOR("floor"),
        NOTHING("");

        private final String broker;

        Against(String broker) {
            this.broker = broker;
        }
    }

    /** On which side of the limit is good. */
    public enum Bound {
        AT_MOST("≤"),
        AT_LEAST("≥");

        private final String sign;

        Bound(String sign) {
            this.sign = sign;
        }

        boolean isMet(double value, double limit) {
            return switch (this) {
                case AT_MOST -> value <= limit;
                case AT_LEAST -> value >= limit;
            };
        }
    }

    /** What the project holds itself to. */
    public static final List<Target> ALL = List.of(
            ratio("broker CPU per GB produced, 128 KB, uncompressed", "a.128k.none.1.1", Metric.CPU_PER_GB, 0.5),
            ratio("broker CPU per GB produced, 128 KB, lz4", "a.128k.lz4.1.1", Metric.CPU_PER_GB, 0.4),
            ratio("broker CPU per GB produced, 16 KB, 16 producers", "a.16k.none.16.1", Metric.CPU_PER_GB, 0.5),
            ratio("the same over 100 partitions", "a.16k.none.16.100", Metric.CPU_PER_GB, 0.5),
            ratio("broker CPU per GB consumed at the tail, 1 group", "b.tail.1", Metric.CPU_PER_GB, 0.5),
            ratio("broker CPU per GB consumed at the tail, 4 groups", "b.tail.4", Metric.CPU_PER_GB, 0.5),
            floor("the same against the floor, 1 group", "b.tail.1", Metric.CPU_PER_GB, 1.3),
            floor("the same against the floor, 4 groups", "b.tail.4", Metric.CPU_PER_GB, 1.3),
            ratio("produce p99 at half of Kafka's most, page cache", "d.half.cache", Metric.P99, 0.5),
            ratio("the same while the machine ran", "d.half.cache", Metric.CALM_P99, 0.5),
            ratio("produce p99 at half of Kafka's most, disk", "d.half.disk", Metric.P99, 0.5),
            ratio("the same while the machine ran", "d.half.disk", Metric.CALM_P99, 0.5),
            least("throughput on disk, 16 KB, 16 producers, 16 partitions", "h.disk.16k.16.16", Against.KAFKA, 5),
            least("the same on 1 partition", "h.disk.16k.16.1", Against.KAFKA, 5),
            least("on disk ÷ the disk's sequential rate, 16 KB, 1 partition", "h.disk.16k.16.1", Against.NOTHING, 0.8),
            least("the same with 128 KB", "h.disk.128k.16.1", Against.NOTHING, 0.8),
            value("p99 with a cold reader ÷ without", "c.cold.paced", Metric.P99_RISE, 2),
            value("the same while the machine ran", "c.cold.paced", Metric.CALM_P99_RISE, 2),
            ratio("start to first acknowledged produce, empty", "g.empty", Metric.START, 0.6),
            ratio("start to first acknowledged produce, 1,000 partitions", "g.clean", Metric.START, 0.6),
            ratio("memory after start, idle", "g.empty", Metric.MEMORY, 0.5),
            ratio("5,000 partitions: memory", "f.many", Metric.MEMORY, 0.5),
            ratio("5,000 partitions: start after clean stop", "f.many", Metric.START, 0.5),
            value("heap allocated per GB produced, 128 KB", "a.128k.none.1.1", Metric.ALLOCATED_PER_GB, 20));

    private static Target least(String title, String caseId, Against against, double limit) {
        Metric metric = against == Against.NOTHING ? Metric.OF_DISK : Metric.THROUGHPUT;
        return new Target(title, caseId, metric, against, Bound.AT_LEAST, limit);
    }

    private static Target ratio(String title, String caseId, Metric metric, double limit) {
        return new Target(title, caseId, metric, Against.KAFKA, Bound.AT_MOST, limit);
    }

    private static Target floor(String title, String caseId, Metric metric, double limit) {
        return new Target(title, caseId, metric, Against.FLOOR, Bound.AT_MOST, limit);
    }

    private static Target value(String title, String caseId, Metric metric, double limit) {
        return new Target(title, caseId, metric, Against.NOTHING, Bound.AT_MOST, limit);
    }

    /** The figure that is held against the limit; empty if it was not measured. */
    public Optional<Double> measured(Results results) {
        List<Double> ours = results.values(caseId, OURS, metric);
        Optional<Spread> spread = against == Against.NOTHING
                ? Spread.of(ours)
                : Spread.ofRatios(ours, results.values(caseId, against.broker, metric));
        return spread.map(Spread::median);
    }

    /** Whether a figure is good enough. */
    public boolean isMet(double measured) {
        return bound.isMet(measured, limit);
    }

    /** Such as {@code ≤ 0.5 × Kafka}. */
    public String limitText() {
        String of = switch (against) {
            case KAFKA, FLOOR -> " × " + against.broker;
            case NOTHING -> metric.unit().isEmpty() ? "" : " " + metric.unit();
        };
        return bound.sign + " " + Numbers.text(limit) + of;
    }
}
