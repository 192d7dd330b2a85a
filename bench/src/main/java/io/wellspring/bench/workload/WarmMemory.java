package io.wellspring.bench.workload;

import java.lang.foreign.Arena;
import org.jspecify.annotations.Nullable;

/**
 * Memory that is held while nobody is measured and given free just before a measurement. A virtual machine may hand memory that is free to its host; the
 * first touch of such a page then costs a fault in the host that is many times as expensive as all that a broker does with the page. That would be counted
 * as processor time of the broker, and of the one that comes later more often.
 *
 * <p>Threads: one.
 */
final class WarmMemory implements AutoCloseable {
    /** Of the machine's memory: the brokers need the rest. */
    private static final int PART_MOST = 4;

    private final long sizeBytes;
    private @Nullable Arena held;

    /** @param sizeBytes wanted; a quarter of the machine's memory at most */
    WarmMemory(long sizeBytes, long machineBytes) {
        this.sizeBytes = Math.min(sizeBytes, machineBytes / PART_MOST);
    }

    /** Touches the memory, unless it is held already. */
    void take() {
        if (held == null) {
            Arena arena = Arena.ofConfined();
            // Filled with zeros, that is touched, by the allocation.
            arena.allocate(sizeBytes);
            held = arena;
        }
    }

    /** Gives it free for the page cache of what is measured now. */
    void release() {
        if (held != null) {
            held.close();
            held = null;
        }
    }

    @Override
    public void close() {
        release();
    }
}
