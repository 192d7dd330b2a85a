package io.wellspring.partition;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What waits for a shard's owner, bounded in count and bytes; refuses at once when full. A single append that is larger than the
 * byte limit goes through when nothing else waits. The lock is held for a few instructions, never over the disk. Threads: any put,
 * the owner takes.
 */
final class ShardQueue {
    private final int maxCount;
    private final long maxBytes;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition notEmpty = lock.newCondition();
    private final ArrayDeque<Work> waiting = new ArrayDeque<>();
    private long waitingBytes;
    private boolean isClosed;

    ShardQueue(int maxCount, long maxBytes) {
        this.maxCount = maxCount;
        this.maxBytes = maxBytes;
    }

    /** What a queue holds. */
    sealed interface Work permits PartitionAppend, Command {
        /** Bytes it keeps in memory. */
        int sizeBytes();
    }

    /** A command and who waits for it. */
    record Command<T>(ShardCommand<T> command, CompletableFuture<T> result) implements Work {
        @Override
        public int sizeBytes() {
            return 0;
        }

        void run() {
            T value;
            try {
                value = command.run();
            } catch (IOException | RuntimeException | Error failure) {
                // An error too is the caller's: without an owner the shard would take appends and answer none.
                result.completeExceptionally(failure);
                return;
            }
            result.complete(value);
        }
    }

    /** False: full or closed, and nothing was queued. */
    boolean offer(Work work) {
        lock.lock();
        try {
            if (isClosed || isFull(work)) {
                return false;
            }
            waiting.addLast(work);
            waitingBytes += work.sizeBytes();
            notEmpty.signal();
            return true;
        } finally {
            lock.unlock();
        }
    }

    private boolean isFull(Work work) {
        // Commands have a margin of their own: a queue full of appends must not lock out the operator.
        return switch (work) {
            case Command<?> _ -> waiting.size() >= 2L * maxCount;
            case PartitionAppend append ->
                waiting.size() >= maxCount || (waitingBytes > 0 && waitingBytes + append.sizeBytes() > maxBytes);
        };
    }

    /**
     * Waits until there is work and takes either one command or all appends up to the next command: they are one group.
     *
     * @param group emptied and filled: the owner keeps one, for there is a group with nearly every append
     * @return false: closed, and nothing is left
     */
    boolean take(List<Work> group) {
        group.clear();
        lock.lock();
        try {
            while (waiting.isEmpty() && !isClosed) {
                notEmpty.awaitUninterruptibly();
            }
            while (!waiting.isEmpty()) {
                boolean isCommand = waiting.getFirst() instanceof Command<?>;
                if (isCommand && !group.isEmpty()) {
                    break;
                }
                Work work = waiting.removeFirst();
                waitingBytes -= work.sizeBytes();
                group.add(work);
                if (isCommand) {
                    break;
                }
            }
            return !group.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /** Takes nothing new; what waits is still given out. */
    void close() {
        lock.lock();
        try {
            isClosed = true;
            notEmpty.signalAll();
        } finally {
            lock.unlock();
        }
    }

    int count() {
        lock.lock();
        try {
            return waiting.size();
        } finally {
            lock.unlock();
        }
    }

    long sizeBytes() {
        lock.lock();
        try {
            return waitingBytes;
        } finally {
            lock.unlock();
        }
    }
}
