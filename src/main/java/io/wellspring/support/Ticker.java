package io.wellspring.support;

import java.lang.management.ManagementFactory;
import java.lang.management.RuntimeMXBean;
import java.util.concurrent.TimeUnit;

/** A monotonic clock for durations; wall time comes as a {@link java.time.InstantSource}. */
@FunctionalInterface
public interface Ticker {
    /** Nanoseconds since an arbitrary moment; only differences mean something. */
    long nanos();

    /** The machine's monotonic clock. */
    static Ticker system() {
        return System::nanoTime;
    }

    /** The age of this JVM: what a start took counts from its first instruction, not from ours. */
    static Ticker sinceJvmStart() {
        RuntimeMXBean jvm = ManagementFactory.getRuntimeMXBean();
        return () -> TimeUnit.MILLISECONDS.toNanos(jvm.getUptime());
    }
}
