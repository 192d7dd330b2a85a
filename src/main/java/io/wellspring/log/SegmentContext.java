package io.wellspring.log;

import io.wellspring.batch.compression.DecompressionBounds;
import io.wellspring.support.Ticker;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;

/**
 * What the segments of one log share.
 *
 * @param files the disk
 * @param openFiles bounds the open files of all logs
 * @param clock wall time, for the age of a segment; heeds no jump, see {@link RetentionClock}
 * @param ticker for the time a flush takes, and what was written just now
 * @param metrics told what happens
 * @param bounds on what is decompressed to find a record by time
 * @param settings of this log, as of now
 */
record SegmentContext(
        LogFiles files,
        OpenFiles openFiles,
        InstantSource clock,
        Ticker ticker,
        LogMetrics metrics,
        DecompressionBounds bounds,
        AtomicReference<LogSettings> settings) {}
