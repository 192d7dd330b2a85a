package io.wellspring.partition;

import io.wellspring.model.TopicId;
import io.wellspring.model.TopicPartition;
import java.util.Collection;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** All partitions of this broker. Threads: any. */
public final class Partitions {
    Partitions() {}

    public @Nullable Partition find(TopicPartition partition) {
        throw new UnsupportedOperationException("skeleton");
    }

    public @Nullable Partition find(TopicId topicId, int partition) {
        throw new UnsupportedOperationException("skeleton");
    }

    public Collection<Partition> all() {
        throw new UnsupportedOperationException("skeleton");
    }

    /** Threads that may block on the disk: cold reads and lookups by time. Bounded; refuses at once when full (RejectedExecutionException). */
    public Executor diskReads() {
        throw new UnsupportedOperationException("skeleton");
    }

    /** How far the start has come; for health. */
    public PartitionsProgress progress() {
        throw new UnsupportedOperationException("skeleton");
    }
}
