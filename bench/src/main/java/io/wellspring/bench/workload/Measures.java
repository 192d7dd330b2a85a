package io.wellspring.bench.workload;

import io.wellspring.bench.load.Latencies;
import io.wellspring.bench.load.LoadResult;
import io.wellspring.bench.machine.Stalls;
import io.wellspring.bench.report.Figures;
import io.wellspring.bench.report.Metric;
import java.io.IOException;

/** Figures that several workloads make of the same measurements. */
final class Measures {
    static final double GB = 1e9;
    static final double MB = 1e6;
    static final double MILLION = 1e6;

    /** What was due during a stall is sent after it, at twice the rate where the rate is half of the most. */
    private static final long RECOVERY_NANOS = 100_000_000;
    /** For what was sent before a stall and not answered yet. */
    private static final long OUTSTANDING_NANOS = 20_000_000;

    private static final double CALM_LEAST = 0.1;

    private Measures() {}

    /** Of produced bytes: what a GB costs and how fast it went. */
    static Figures produced(LoadResult load, Window.Spent spent) {
        return new Figures()
                .with(Metric.CPU_PER_GB, spent.cpuSeconds() / (load.sizeBytes() / GB))
                .with(Metric.THROUGHPUT, load.bytesPerSecond() / MB)
                .with(Metric.ALLOCATED_PER_GB, spent.allocatedBytes() / MB / (load.sizeBytes() / GB))
                .with(Metric.LOAD_CPU_PER_GB, spent.loadCpuSeconds() / (load.sizeBytes() / GB))
                .with(Metric.CALLS_PER_REQUEST, (double) spent.cost().callCount() / load.requestCount());
    }

    /** Adds latencies: of all, and of the times that no stall of the machine touches, which are over for a while. */
    static Figures withLatencies(Figures figures, Latencies all, Stalls stalls) throws IOException {
        Latencies calm = calm(all, stalls);
        return figures.with(Metric.P50, all.ms(50))
                .with(Metric.P99, all.ms(99))
                .with(Metric.P999, all.ms(99.9))
                .with(Metric.CALM_P99, calm.ms(99))
                .with(Metric.CALM_P999, calm.ms(99.9))
                .with(Metric.CALM, (double) calm.count() / all.count());
    }

    /** What was to be sent while the machine ran, and had run for a moment. Fails if that is next to nothing. */
    static Latencies calm(Latencies all, Stalls stalls) throws IOException {
        return calm(all, stalls::isAnyBetween);
    }

    static Latencies calm(Latencies all, Latencies.Choice hasStall) throws IOException {
        Latencies calm = all.only((from, to) -> !hasStall.isTaken(from - RECOVERY_NANOS, to + OUTSTANDING_NANOS));
        if (calm.count() < CALM_LEAST * all.count()) {
            throw new IOException("the machine stood still too often: only " + calm.count() + " of " + all.count()
                    + " requests were sent while it ran");
        }
        return calm;
    }
}
