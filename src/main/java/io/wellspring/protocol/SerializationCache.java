package io.wellspring.protocol;

import org.apache.kafka.common.protocol.ObjectSerializationCache;

/**
 * What generated messages note of their strings while they are sized, to be read while they are written. A new cache takes more memory than all else
 * that a small response needs, and it cannot be emptied, so each thread uses one for some small responses and then takes another. Old notes do no harm: they
 * are found by the identity of the string, and noted anew before they are read. Threads: one.
 */
final class SerializationCache {
    /** What old notes may hold back from the collector is that of so many responses of so many bytes at most. */
    private static final int RESPONSES_MOST = 64;

    private static final int SMALL_SIZE_BYTES = 512;

    private static final ThreadLocal<SerializationCache> OF_THREAD = ThreadLocal.withInitial(SerializationCache::new);

    private ObjectSerializationCache notes = new ObjectSerializationCache();
    private int responseCount;

    private SerializationCache() {}

    /** The calling thread's. */
    static SerializationCache ofThread() {
        return OF_THREAD.get();
    }

    ObjectSerializationCache notes() {
        return notes;
    }

    /** A response was written, or could not be. */
    void used(int sizeBytes) {
        responseCount++;
        if (responseCount == RESPONSES_MOST || sizeBytes > SMALL_SIZE_BYTES) {
            notes = new ObjectSerializationCache();
            responseCount = 0;
        }
    }
}
