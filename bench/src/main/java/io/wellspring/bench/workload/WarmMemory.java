package io.wellspring.bench.workload;

import io.wellspring.bench.report.Machine;
import java.lang.foreign.Arena;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Memory that is held while nobody is measured and given free piece by piece while somebody is, as fast as it is used. A virtual machine may hand
 * memory that is free to its host; the first touch of such a page then costs a fault in the host that is many times as expensive as all that a broker
 * does with the page. That would be counted as processor time of the broker, and of the one that comes later more often.
 *
 * <p>Threads: one, and one of its own that gives free.
 */
final class WarmMemory implements AutoCloseable {
    /** Of the machine's memory: the brokers need the rest. */
    private static final int PART_MOST = 4;

    private static final long PIECE_BYTES = 256L << 20;
    /** What is free beyond what was when nothing was given yet: little enough for a host to leave it. */
    private static final long AHEAD_BYTES = 2 * PIECE_BYTES;

    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private final int pieceCount;
    private final Deque<Arena> held = new ArrayDeque<>();
    private volatile boolean isGiving;
    private @Nullable Thread giver;

    /** @param sizeBytes wanted; a quarter of the machine's memory at most */
    WarmMemory(long sizeBytes, long machineBytes) {
        this.pieceCount = Math.toIntExact(Math.min(sizeBytes, machineBytes / PART_MOST) / PIECE_BYTES);
    }

    /** Touches the memory, as far as it is not held already. */
    void take() {
        stopGiving();
        while (held.size() < pieceCount) {
            Arena arena = Arena.ofShared();
            // Filled with zeros, that is touched, by the allocation.
            arena.allocate(PIECE_BYTES);
            held.push(arena);
        }
    }

    /** From now on gives it free as it is used: for the page cache of what is measured now. */
    void release() {
        stopGiving();
        isGiving = true;
        long least = Machine.freeBytes() + AHEAD_BYTES;
        giver = Thread.ofPlatform().name("bench-memory").daemon().start(() -> give(least));
    }

    private void give(long leastFreeBytes) {
        while (isGiving && !held.isEmpty()) {
            if (Machine.freeBytes() < leastFreeBytes) {
                held.pop().close();
            } else {
                LockSupport.parkNanos(LOOK_NANOS);
            }
        }
    }

    private void stopGiving() {
        isGiving = false;
        Thread thread = giver;
        giver = null;
        boolean isInterrupted = false;
        while (thread != null && thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                isInterrupted = true;
            }
        }
        if (isInterrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        stopGiving();
        while (!held.isEmpty()) {
            held.pop().close();
        }
    }
}
