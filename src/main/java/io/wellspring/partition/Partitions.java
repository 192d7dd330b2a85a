package io.wellspring.partition;

import io.wellspring.model.TopicId;
import io.wellspring.model.TopicPartition;
import io.wellspring.support.RoleThreads;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** All partitions of this broker, by name and by topic id. Threads: any; {@link PartitionOpener} changes it. */
public final class Partitions {
    private final Map<TopicPartition, Partition> byName = new ConcurrentHashMap<>();
    private final Map<IdAndIndex, Partition> byId = new ConcurrentHashMap<>();

    /** Partitions that the catalog knows and whose log could be neither opened nor made, and why. */
    private final Map<TopicPartition, String> failed = new ConcurrentHashMap<>();

    private final ThreadPoolExecutor diskReads;
    private volatile boolean isRecovering = true;
    private volatile int totalCount;

    Partitions(int readThreads, int readQueue) {
        diskReads = new ThreadPoolExecutor(
                readThreads,
                readThreads,
                0L,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(readQueue),
                new RoleThreads("read"),
                new ThreadPoolExecutor.AbortPolicy());
    }

    private record IdAndIndex(TopicId id, int partition) {}

    public @Nullable Partition find(TopicPartition partition) {
        return byName.get(partition);
    }

    public @Nullable Partition find(TopicId topicId, int partition) {
        return byId.get(new IdAndIndex(topicId, partition));
    }

    public Collection<Partition> all() {
        return Collections.unmodifiableCollection(byName.values());
    }

    /** Threads that may block on the disk: cold reads and lookups by time. Bounded; refuses at once when full (RejectedExecutionException). */
    public Executor diskReads() {
        return diskReads;
    }

    /** How far the start has come; for health. */
    public PartitionsProgress progress() {
        int offline = failed.size();
        for (Partition partition : byName.values()) {
            if (partition.offlineReason() != null) {
                offline++;
            }
        }
        return new PartitionsProgress(isRecovering, byName.size() + failed.size(), totalCount, offline);
    }

    /** Partitions of the catalog that have no log here, and why; for health. */
    public Map<TopicPartition, String> failed() {
        return Map.copyOf(failed);
    }

    void add(Partition partition) {
        failed.remove(partition.id());
        byName.put(partition.id(), partition);
        byId.put(new IdAndIndex(partition.topicId(), partition.id().partition()), partition);
    }

    void remove(Partition partition) {
        byName.remove(partition.id(), partition);
        byId.remove(new IdAndIndex(partition.topicId(), partition.id().partition()), partition);
    }

    void failed(TopicPartition partition, String reason) {
        failed.put(partition, reason);
    }

    void forgetFailure(TopicPartition partition) {
        failed.remove(partition);
    }

    void expecting(int count) {
        totalCount = count;
    }

    void recovered() {
        isRecovering = false;
    }

    /** Reads that wait are dropped: nobody is there to take their answers. */
    void close() {
        diskReads.shutdown();
        diskReads.getQueue().clear();
    }
}
