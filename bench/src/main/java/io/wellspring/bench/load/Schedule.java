package io.wellspring.bench.load;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * Says when the next request is due. Everything is in nanoseconds since the begin of the load.
 *
 * <p>Threads: the load's own.
 */
final class Schedule {
    private static final long NEVER = Long.MAX_VALUE;
    private static final long AT_ONCE = 0;

    private final long requestsMost;
    private final long endNanos;
    private final double intervalNanos;
    private final long warmUpNanos;
    private final BooleanSupplier isEnough;
    private long issued;

    private Schedule(
            long requestsMost, long endNanos, double intervalNanos, long warmUpNanos, BooleanSupplier isEnough) {
        this.requestsMost = requestsMost;
        this.endNanos = endNanos;
        this.intervalNanos = intervalNanos;
        this.warmUpNanos = warmUpNanos;
        this.isEnough = isEnough;
    }

    /**
     * What a pace means.
     *
     * @param batchSizeBytes of one request, on average
     * @param isEnough ends it before the pace does
     */
    static Schedule of(Pace pace, double batchSizeBytes, BooleanSupplier isEnough) {
        return switch (pace) {
            case Pace.Bytes bytes ->
                new Schedule((long) Math.ceil(bytes.sizeBytes() / batchSizeBytes), NEVER, AT_ONCE, 0, isEnough);
            case Pace.Time time -> new Schedule(NEVER, time.duration().toNanos(), AT_ONCE, 0, isEnough);
            case Pace.Rate rate -> paced(rate, batchSizeBytes, isEnough);
        };
    }

    private static Schedule paced(Pace.Rate rate, double batchSizeBytes, BooleanSupplier isEnough) {
        double interval = batchSizeBytes * 1e9 / rate.bytesPerSecond();
        Duration whole = rate.warmUp().plus(rate.duration());
        long requests = Math.max(1, (long) (whole.toNanos() / interval));
        return new Schedule(requests, NEVER, interval, rate.warmUp().toNanos(), isEnough);
    }

    /** Whether requests have moments of their own, rather than following answers. */
    boolean isPaced() {
        return intervalNanos != AT_ONCE;
    }

    /** Whether no request follows after this moment. */
    boolean isOver(long nowNanos) {
        return issued >= requestsMost || nowNanos >= endNanos || isEnough.getAsBoolean();
    }

    /** Whether a request is due now. */
    boolean isDue(long nowNanos) {
        return !isOver(nowNanos) && dueNanos() <= nowNanos;
    }

    /** When the next request is to be sent, by plan. */
    long dueNanos() {
        return (long) (issued * intervalNanos);
    }

    /**
     * Takes the next request.
     *
     * @return the moment from which its latency counts
     */
    long take(long nowNanos) {
        long intended = isPaced() ? dueNanos() : nowNanos;
        issued++;
        return intended;
    }

    long issuedCount() {
        return issued;
    }

    /** Whether what was intended for this moment belongs to the result. */
    boolean isCounted(long intendedNanos) {
        return intendedNanos >= warmUpNanos;
    }

    long warmUpNanos() {
        return warmUpNanos;
    }
}
