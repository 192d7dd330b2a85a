package io.wellspring.bench.load;

/**
 * What became of a load; that every request succeeded is true of any.
 *
 * @param sizeBytes of the batches
 */
public record LoadResult(long sizeBytes, long recordCount, long requestCount, long elapsedNanos, Latencies latencies) {
    /** Bytes of batches per second. */
    public double bytesPerSecond() {
        return sizeBytes * 1e9 / elapsedNanos;
    }

    /** The latency that so many of a hundred requests did not exceed. */
    public double latencyMs(double percentile) {
        return latencies.ms(percentile);
    }
}
