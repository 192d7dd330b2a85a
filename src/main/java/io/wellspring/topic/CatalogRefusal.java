package io.wellspring.topic;

/** Why the catalog does not do what it is told. */
public enum CatalogRefusal {
    TOPIC_EXISTS,
    UNKNOWN_TOPIC,
    UNKNOWN_TOPIC_ID,
    INVALID_TOPIC_NAME,
    INVALID_PARTITION_COUNT,
    INVALID_REPLICATION_FACTOR,
    INVALID_REPLICA_ASSIGNMENT,
    INVALID_SETTING,
    INTERNAL_TOPIC,
    /** The command contradicts itself, or asks for what cannot be changed while running. */
    INVALID_REQUEST,
    POLICY,
    /** The catalog's log cannot be written just now. */
    UNAVAILABLE,
    TIMED_OUT
}
