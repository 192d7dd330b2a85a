package io.wellspring.partition;

/** Why a read is refused. */
public enum ReadRefusal {
    NOT_LEADER,
    FENCED_EPOCH,
    UNKNOWN_EPOCH,
    OFFSET_OUT_OF_RANGE,
    LOG_OFFLINE
}
