package io.wellspring.log;

/**
 * What all logs share.
 *
 * @param environment disk, clocks, metrics
 * @param openFiles bounds the open files of all logs
 * @param keeper told what a log cannot do alone
 */
record LogSurroundings(LogEnvironment environment, OpenFiles openFiles, LogKeeper keeper) {}
