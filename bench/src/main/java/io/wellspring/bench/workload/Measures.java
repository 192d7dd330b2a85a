package io.wellspring.bench.workload;

import io.wellspring.bench.load.LoadResult;
import io.wellspring.bench.report.Figures;
import io.wellspring.bench.report.Metric;

/** Figures that several workloads make of the same measurements. */
final class Measures {
    static final double GB = 1e9;
    static final double MB = 1e6;
    static final double MILLION = 1e6;

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

    /** Adds latencies. */
    static Figures withLatencies(Figures figures, LoadResult load) {
        return figures.with(Metric.P50, load.latencyMs(50))
                .with(Metric.P99, load.latencyMs(99))
                .with(Metric.P999, load.latencyMs(99.9));
    }
}
