package io.wellspring.api.data;

import io.wellspring.support.Ticker;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * What every fetch needs of the broker.
 *
 * @param diskReads threads that may block on the disk; looked up late, they start with the partitions
 */
record FetchRoom(
        PartitionLookup lookup,
        Supplier<Executor> diskReads,
        PageWarmer warmer,
        FetchSessions sessions,
        FetchAnswers answers,
        Ticker ticker) {}
