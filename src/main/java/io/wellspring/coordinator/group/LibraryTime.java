package io.wellspring.coordinator.group;

import java.time.InstantSource;
import org.apache.kafka.common.utils.Time;

/**
 * The broker's wall clock as the library wants it: commits are dated by it, and expire by it. What the library measures it measures with the
 * machine's own. Threads: any.
 */
record LibraryTime(InstantSource clock) implements Time {
    @Override
    public long milliseconds() {
        return clock.millis();
    }

    @Override
    public long nanoseconds() {
        return Time.SYSTEM.nanoseconds();
    }

    @Override
    public void sleep(long ms) {
        Time.SYSTEM.sleep(ms);
    }
}
