package io.wellspring.management.endpoint;

/** What can be done to a partition by hand, as the last part of the path: {@code roll}, {@code delete-records}, … */
enum PartitionAction {
    /** Ends the active segment. */
    ROLL,
    /** Forces everything to disk. */
    FLUSH,
    /** Takes out what retention lets go. */
    RETENTION,
    /** Compacts, due or not. */
    COMPACT,
    /** Compares all checksums. */
    SCRUB,
    /** Refuses clients' appends until they are resumed. */
    PAUSE,
    /** Takes them again. */
    RESUME,
    /** Moves the log's start up to an offset. */
    DELETE_RECORDS
}
