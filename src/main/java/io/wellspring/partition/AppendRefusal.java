package io.wellspring.partition;

/** Why an append is refused; {@code api.ErrorCodes} has the wire's words. */
public enum AppendRefusal {
    NOT_LEADER,
    LOG_OFFLINE,
    DISK_FULL,
    QUEUE_FULL,
    /** An operator has stopped clients' appends. */
    PAUSED,
    NOT_ENOUGH_REPLICAS,
    TIMED_OUT,
    CORRUPT,
    INVALID_RECORD,
    INVALID_TIMESTAMP,
    RECORD_TOO_LARGE,
    BATCHES_TOO_LARGE,
    UNSUPPORTED_COMPRESSION,
    OUT_OF_ORDER_SEQUENCE,
    INVALID_PRODUCER_EPOCH,
    UNKNOWN_PRODUCER_ID,
    INVALID_TRANSACTION_STATE
}
