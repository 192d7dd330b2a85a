package io.wellspring.bench.workload;

import java.time.Duration;

/**
 * How much of everything.
 *
 * @param pairs measured of each case
 * @param warmUpPairs before them, not measured
 * @param isBrokerKept whether one process serves several cases and nobody waits for the disk to come to rest: saves time, spoils figures
 * @param sizeBytes sent or read where a case counts bytes
 * @param duration where a case counts time
 * @param rest how long a broker is idle before its memory is looked at
 * @param coldSizeBytes that a cold reader reads
 * @param bytesPerSecond where a case has a fixed rate
 * @param manyPartitions of the case with many
 * @param manyConnections of the case with many
 * @param startPartitions of the cases that start with some
 * @param diskSizeBytes written to find the disk's sequential rate
 */
public record Scale(
        int pairs,
        int warmUpPairs,
        boolean isBrokerKept,
        long sizeBytes,
        Duration duration,
        Duration rest,
        long coldSizeBytes,
        double bytesPerSecond,
        int manyPartitions,
        int manyConnections,
        int startPartitions,
        long diskSizeBytes) {
    private static final int MB = 1_000_000;
    private static final long GIB = 1L << 30;

    /** For figures. */
    public static final Scale FULL = new Scale(
            5,
            4,
            false,
            2 * GIB,
            Duration.ofSeconds(20),
            Duration.ofSeconds(10),
            4 * GIB,
            50 * MB,
            5000,
            2000,
            1000,
            GIB);

    /** To see whether the instrument works; its figures mean nothing. */
    public static final Scale QUICK = new Scale(
            1, 0, true, 4 * MB, Duration.ofMillis(500), Duration.ofMillis(500), 16 * MB, 4 * MB, 50, 20, 20, 8 * MB);

    /** How many pairs of a case warm up: one is enough where each measurement starts processes of its own. */
    public int warmUpPairs(Case each) {
        return each.isFresh() ? Math.min(1, warmUpPairs) : warmUpPairs;
    }

    /** With another number of pairs. */
    public Scale withPairs(int count) {
        return with(count, warmUpPairs, sizeBytes, duration);
    }

    /** With another number of pairs before those that are measured. */
    public Scale withWarmUpPairs(int count) {
        return with(pairs, count, sizeBytes, duration);
    }

    /** With another amount of bytes. */
    public Scale withSizeBytes(long bytes) {
        return with(pairs, warmUpPairs, bytes, duration);
    }

    /** With another duration. */
    public Scale withDuration(Duration other) {
        return with(pairs, warmUpPairs, sizeBytes, other);
    }

    private Scale with(int otherPairs, int otherWarmUpPairs, long otherSizeBytes, Duration otherDuration) {
        return new Scale(
                otherPairs,
                otherWarmUpPairs,
                isBrokerKept,
                otherSizeBytes,
                otherDuration,
                rest,
                coldSizeBytes,
                bytesPerSecond,
                manyPartitions,
                manyConnections,
                startPartitions,
                diskSizeBytes);
    }
}
