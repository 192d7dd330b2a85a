package io.wellspring.bench.report;

/** What is measured, in which unit, and which way is better. */
public enum Metric {
    CPU_PER_GB("broker CPU per GB", "s/GB", Better.LESS),
    TOTAL_CPU_PER_GB("broker CPU per GB produced, reading included", "s/GB", Better.LESS),
    CPU_PER_MILLION("broker CPU per million", "s", Better.LESS),
    IDLE_CPU("broker CPU while idle", "ms/s", Better.LESS),
    THROUGHPUT("throughput", "MB/s", Better.MORE),
    RATE("rate", "1/s", Better.MORE),
    OF_DISK("throughput ÷ disk's sequential rate", "×", Better.MORE),
    ALLOCATED_PER_GB("heap allocated per GB", "MB/GB", Better.LESS),
    LOAD_CPU_PER_GB("the load's own CPU per GB", "s/GB", Better.NEITHER),
    CALLS_PER_REQUEST("read and write calls per request", "", Better.LESS),
    P50("p50", "ms", Better.LESS),
    P99("p99", "ms", Better.LESS),
    P999("p99.9", "ms", Better.LESS),
    CALM_P99("p99 while the machine ran", "ms", Better.LESS),
    CALM_P999("p99.9 while the machine ran", "ms", Better.LESS),
    CALM("share of the requests while the machine ran", "", Better.NEITHER),
    P99_ALONE("p99 without the cold reader", "ms", Better.LESS),
    P99_RISE("p99 with the cold reader ÷ without", "×", Better.LESS),
    CALM_P99_ALONE("p99 without the cold reader, while the machine ran", "ms", Better.LESS),
    CALM_P99_RISE("p99 with the cold reader ÷ without, while the machine ran", "×", Better.LESS),
    COLD_RATE("cold read", "MB/s", Better.MORE),
    DISK_READ("read from the disk", "MB", Better.NEITHER),
    OFFERED("offered load", "MB/s", Better.NEITHER),
    START("start to first acknowledged produce", "ms", Better.LESS),
    START_CPU("CPU until first acknowledged produce", "s", Better.LESS),
    MEMORY("memory (RSS)", "MB", Better.LESS),
    MEMORY_CONNECTED("memory (RSS), clients connected", "MB", Better.LESS),
    THREADS("threads", "", Better.LESS);

    /** Which way is better. */
    public enum Better {
        LESS,
        MORE,
        NEITHER
    }

    private final String title;
    private final String unit;
    private final Better better;

    Metric(String title, String unit, Better better) {
        this.title = title;
        this.unit = unit;
        this.better = better;
    }

    /** For a column of a table. */
    public String title() {
        return title;
    }

    /** Empty for plain numbers. */
    public String unit() {
        return unit;
    }

    /** Which way is better. */
    public Better better() {
        return better;
    }
}
