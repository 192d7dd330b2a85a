package io.wellspring.log;

/**
 * What all logs share.
 *
 * @param environment disk, clocks, metrics
 * @param openFiles bounds the open files of all logs
 * @param keeper told what a log cannot do alone
 * @param clock the wall clock as far as data may be deleted by it
 */
record LogSurroundings(LogEnvironment environment, OpenFiles openFiles, LogKeeper keeper, RetentionClock clock) {
    LogSurroundings(LogEnvironment environment, OpenFiles openFiles, LogKeeper keeper) {
        this(environment, openFiles, keeper, new RetentionClock(environment.clock(), environment.ticker()));
    }
}
