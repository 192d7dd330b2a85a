package io.wellspring.bench.load;

import org.HdrHistogram.Histogram;

/**
 * What became of a load; that every request succeeded is true of any.
 *
 * @param sizeBytes of the batches
 * @param latencies in nanoseconds
 */
public record LoadResult(long sizeBytes, long recordCount, long requestCount, long elapsedNanos, Histogram latencies) {
    private static final double NANOS_PER_MS = 1e6;

    /** Bytes of batches per second. */
    public double bytesPerSecond() {
        return sizeBytes * 1e9 / elapsedNanos;
    }

    /** The latency that so many of a hundred requests did not exceed. */
    public double latencyMs(double percentile) {
        return latencies.getValueAtPercentile(percentile) / NANOS_PER_MS;
    }
}
