package io.wellspring.log;

/**
 * How far the opening of logs has come.
 *
 * @param found logs found at start
 * @param opened logs that are open, whole or damaged
 * @param running logs being recovered now
 * @param readBytes bytes of log data read for it
 * @param cutBytes bytes of torn tails cut off
 * @param damaged logs that are offline because recovery refused them
 */
public record RecoveryProgress(int found, int opened, int running, long readBytes, long cutBytes, int damaged) {}
