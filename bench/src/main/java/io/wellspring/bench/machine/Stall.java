package io.wellspring.bench.machine;

/**
 * A time in which a processor stood still, both ends by {@link System#nanoTime()}.
 *
 * @param fromNanos when the sleeper should have woken
 * @param toNanos when it did
 */
record Stall(long fromNanos, long toNanos) {
    boolean touches(long otherFromNanos, long otherToNanos) {
        return fromNanos - otherToNanos <= 0 && toNanos - otherFromNanos >= 0;
    }
}
