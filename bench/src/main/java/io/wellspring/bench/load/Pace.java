package io.wellspring.bench.load;

import java.time.Duration;

/** When requests are sent and how many. */
public sealed interface Pace {
    /** A new one whenever an earlier one has been answered, until so many bytes of batches are out. */
    record Bytes(long sizeBytes) implements Pace {}

    /** A new one whenever an earlier one has been answered, for so long. */
    record Time(Duration duration) implements Pace {}

    /**
     * At fixed moments, whatever the broker does: latency counts from the moment intended, so that a broker which stalls pays for all that should have been
     * sent meanwhile.
     *
     * @param bytesPerSecond of batches
     * @param warmUp at the beginning, not counted
     */
    record Rate(double bytesPerSecond, Duration warmUp, Duration duration) implements Pace {}
}
