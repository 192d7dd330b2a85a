package io.wellspring.coordinator.group;

import java.util.function.IntSupplier;

/** What the coordinator of groups tells about itself. Threads: any; returns at once. */
public interface GroupMetrics {
    GroupMetrics NONE = new GroupMetrics() {};

    /** A partition of the offsets topic was replayed. */
    default void loaded(long millis) {}

    /** An operation waited for a thread. */
    default void queued(long millis) {}

    /** An operation ran. */
    default void processed(long millis) {}

    /** An operation waited for its records to be committed. */
    default void waitedForCommit(long millis) {}

    /** Records were written to the log. */
    default void written(long millis) {}

    /** The state of a partition's groups changed to this one, Kafka's word in lower case. */
    default void partitionState(String before, String after) {}

    /** How many operations wait for a thread, to be asked at any time. */
    default void queueSize(IntSupplier size) {}
}
