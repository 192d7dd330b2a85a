package io.wellspring.log;

import io.wellspring.support.Ticker;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The wall clock as far as data may be deleted by it. One that jumps forward, against the monotonic clock, must not make everything old at
 * once: time goes on here as if it had not, with one warning, and after a day in which nobody has set the clock back it is taken for right. One
 * that jumps back only lets data stay longer and is followed at once. A jump while no broker runs is not seen. Threads: any.
 */
final class RetentionClock implements InstantSource {
    /** Corrections by the time service are smaller. */
    static final Duration JUMP = Duration.ofMinutes(10);

    static final Duration DOUBT = Duration.ofDays(1);
    private static final Logger LOG = LoggerFactory.getLogger(RetentionClock.class);

    private final InstantSource wall;
    private final Ticker ticker;

    /** Wall time less monotonic time when the wall clock was believed last; guarded by this. */
    private long believedMs;

    /** Monotonic time since when it is not believed; guarded by this, as is the next. */
    private long doubtedSinceMs;

    private boolean isDoubted;

    RetentionClock(InstantSource wall, Ticker ticker) {
        this.wall = wall;
        this.ticker = ticker;
        this.believedMs = wall.millis() - monotonicMs();
    }

    private long monotonicMs() {
        return ticker.nanos() / 1_000_000L;
    }

    @Override
    public synchronized Instant instant() {
        long monotonicMs = monotonicMs();
        long wallMs = wall.millis();
        long expectedMs = believedMs + monotonicMs;
        if (wallMs - expectedMs <= JUMP.toMillis()) {
            if (isDoubted) {
                LOG.info("The clock goes right again, retention by time follows it");
                isDoubted = false;
            }
            believedMs = wallMs - monotonicMs;
            return Instant.ofEpochMilli(wallMs);
        }
        if (!isDoubted) {
            isDoubted = true;
            doubtedSinceMs = monotonicMs;
            LOG.warn(
                    "The clock has jumped forward, nothing is deleted for that: jumpMs={} wall={} believedAfter={}",
                    wallMs - expectedMs,
                    Instant.ofEpochMilli(wallMs),
                    DOUBT);
        }
        if (monotonicMs - doubtedSinceMs >= DOUBT.toMillis()) {
            LOG.info("The clock that has jumped is believed from now on: wall={}", Instant.ofEpochMilli(wallMs));
            isDoubted = false;
            believedMs = wallMs - monotonicMs;
            return Instant.ofEpochMilli(wallMs);
        }
        return Instant.ofEpochMilli(expectedMs);
    }
}
