package io.wellspring.api.data;

/** How many fetch sessions there are (KIP-227). Threads: any. */
public interface FetchSessionCounts {
    /** Sessions that are kept. */
    int count();

    /** Partitions that they remember together. */
    long partitionCount();

    /** Sessions, since the start, that were dropped for others or for having grown too large. */
    long evictionCount();
}
