package io.wellspring.api.data;

/** What the fetches tell; {@code management} makes meters of it. Threads: any; must not block. */
@FunctionalInterface
public interface FetchMetrics {
    /** Counts nothing. */
    FetchMetrics NONE = (topic, sizeBytes) -> {};

    /** Records of one partition are in an answer. */
    void fetched(String topic, long sizeBytes);
}
