package io.wellspring.testing;

import java.io.IOException;
import java.util.Set;

/**
 * A member of a group without a client around it: it speaks the group's protocol on one connection, one question at a time. Any error that a member in
 * good standing does not get is an {@link AssertionError}.
 */
interface WireMember extends AutoCloseable {
    /**
     * What a member holds.
     *
     * @param epoch of the group when it was told so; -1: it is no member yet
     */
    record Holding(int epoch, Set<Integer> partitions) {}

    /** Safe to ask from any thread. */
    Holding holding();

    /** Becomes a member; a classic one gets its partitions, too. */
    void join() throws IOException;

    /** Tells that it is alive, and takes part in what has changed. */
    void heartbeat() throws IOException;

    /** Time between two heartbeats, by the defaults of clients or as the broker wants it. */
    int heartbeatIntervalMs();

    /** How often the broker could not answer just now; about right when asked from another thread. */
    int retries();

    /** Commits an offset for each partition it holds. @return how many were acknowledged */
    int commit(long offset) throws IOException;

    @Override
    void close() throws IOException;
}
