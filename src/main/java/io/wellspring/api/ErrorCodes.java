package io.wellspring.api;

import io.wellspring.partition.AppendRefusal;
import io.wellspring.partition.ReadRefusal;
import io.wellspring.topic.CatalogRefusal;
import org.apache.kafka.common.protocol.Errors;

/**
 * The wire's words for the broker's refusals. The switches have no default: a new refusal does not compile before it has a code here.
 * What a client may try again is told by the code (a retriable one), so a refusal that passes by itself never maps to a final one.
 */
public final class ErrorCodes {
    private ErrorCodes() {}

    public static Errors of(AppendRefusal refusal) {
        return switch (refusal) {
            case NOT_LEADER -> Errors.NOT_LEADER_OR_FOLLOWER;
            case LOG_OFFLINE, DISK_FULL -> Errors.KAFKA_STORAGE_ERROR;
            // Of the retriable errors, the one that every client family sends again without asking for metadata first.
            case QUEUE_FULL, TIMED_OUT -> Errors.REQUEST_TIMED_OUT;
            // A pause ends: the producer goes on asking until its own time is over.
            case NOT_ENOUGH_REPLICAS, PAUSED -> Errors.NOT_ENOUGH_REPLICAS;
            case CORRUPT -> Errors.CORRUPT_MESSAGE;
            case INVALID_RECORD -> Errors.INVALID_RECORD;
            case INVALID_TIMESTAMP -> Errors.INVALID_TIMESTAMP;
            case RECORD_TOO_LARGE -> Errors.MESSAGE_TOO_LARGE;
            case BATCHES_TOO_LARGE -> Errors.RECORD_LIST_TOO_LARGE;
            case UNSUPPORTED_COMPRESSION -> Errors.UNSUPPORTED_COMPRESSION_TYPE;
            case OUT_OF_ORDER_SEQUENCE -> Errors.OUT_OF_ORDER_SEQUENCE_NUMBER;
            case INVALID_PRODUCER_EPOCH -> Errors.INVALID_PRODUCER_EPOCH;
            case UNKNOWN_PRODUCER_ID -> Errors.UNKNOWN_PRODUCER_ID;
            case INVALID_TRANSACTION_STATE -> Errors.INVALID_TXN_STATE;
        };
    }

    public static Errors of(ReadRefusal refusal) {
        return switch (refusal) {
            case NOT_LEADER -> Errors.NOT_LEADER_OR_FOLLOWER;
            case FENCED_EPOCH -> Errors.FENCED_LEADER_EPOCH;
            case UNKNOWN_EPOCH -> Errors.UNKNOWN_LEADER_EPOCH;
            case OFFSET_OUT_OF_RANGE -> Errors.OFFSET_OUT_OF_RANGE;
            case LOG_OFFLINE -> Errors.KAFKA_STORAGE_ERROR;
        };
    }

    public static Errors of(CatalogRefusal refusal) {
        return switch (refusal) {
            case TOPIC_EXISTS -> Errors.TOPIC_ALREADY_EXISTS;
            case UNKNOWN_TOPIC -> Errors.UNKNOWN_TOPIC_OR_PARTITION;
            case UNKNOWN_TOPIC_ID -> Errors.UNKNOWN_TOPIC_ID;
            case INVALID_TOPIC_NAME, INTERNAL_TOPIC -> Errors.INVALID_TOPIC_EXCEPTION;
            case INVALID_PARTITION_COUNT -> Errors.INVALID_PARTITIONS;
            case INVALID_REPLICATION_FACTOR -> Errors.INVALID_REPLICATION_FACTOR;
            case INVALID_REPLICA_ASSIGNMENT -> Errors.INVALID_REPLICA_ASSIGNMENT;
            case INVALID_SETTING -> Errors.INVALID_CONFIG;
            case INVALID_REQUEST -> Errors.INVALID_REQUEST;
            case POLICY -> Errors.POLICY_VIOLATION;
            case UNAVAILABLE -> Errors.KAFKA_STORAGE_ERROR;
            case TIMED_OUT -> Errors.REQUEST_TIMED_OUT;
        };
    }
}
