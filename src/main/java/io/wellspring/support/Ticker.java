package io.wellspring.support;

/** A monotonic clock for durations; wall time comes as a {@link java.time.InstantSource}. */
@FunctionalInterface
public interface Ticker {
    /** Nanoseconds since an arbitrary moment; only differences mean something. */
    long nanos();

    /** The machine's monotonic clock. */
    static Ticker system() {
        return System::nanoTime;
    }
}
