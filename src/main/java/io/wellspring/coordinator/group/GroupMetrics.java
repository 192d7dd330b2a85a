package io.wellspring.coordinator.group;

import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

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

    /** How many groups of a type are in a state, Kafka's words, to be asked at any time. */
    default void groups(String type, String state, LongSupplier count) {}

    /** How many committed offsets there are, to be asked at any time. */
    default void offsets(LongSupplier count) {}

    /** How many offsets were committed, expired or deleted since the start: {@code commit}, {@code expiration}, {@code deletion}. */
    default void offsetChanges(String change, LongSupplier count) {}

    /** How many rebalances groups of a type have had since the start. */
    default void rebalances(String type, LongSupplier count) {}
}
