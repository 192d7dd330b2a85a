package io.wellspring.log;

import io.wellspring.batch.compression.DecompressionBounds;
import io.wellspring.support.Ticker;
import io.wellspring.support.Timers;
import java.time.InstantSource;

/**
 * What the logs need from outside.
 *
 * @param files the disk
 * @param clock wall time
 * @param ticker time for durations
 * @param timers for what is done again and again
 * @param metrics told what happens
 * @param bounds on what is decompressed to find a record by time
 */
public record LogEnvironment(
        LogFiles files,
        InstantSource clock,
        Ticker ticker,
        Timers timers,
        LogMetrics metrics,
        DecompressionBounds bounds) {
    /** With the bounds that hold when nothing else is said. */
    public LogEnvironment(LogFiles files, InstantSource clock, Ticker ticker, Timers timers, LogMetrics metrics) {
        this(files, clock, ticker, timers, metrics, DecompressionBounds.DEFAULT);
    }
}
