package io.wellspring.log;

import java.util.List;

/**
 * Which leader epoch wrote from which offset on, kept in Kafka's {@code leader-epoch-checkpoint} (KIP-101, KIP-279).
 * Threads: written by the log's owner thread, read by any.
 */
public final class LeaderEpochs {
    /**
     * @param epoch the epoch
     * @param startOffset the first offset it wrote
     */
    public record Entry(int epoch, long startOffset) {}

    /**
     * Where an epoch ends.
     *
     * @param epoch the largest known epoch that is not above the asked one; -1: none known
     * @param endOffset the offset after the last one of that epoch; -1: none known
     */
    public record EpochEnd(int epoch, long endOffset) {}

    /** The newest epoch, -1 if none. */
    public int latestEpoch() {
        throw new UnsupportedOperationException("skeleton");
    }

    /** Answers OffsetForLeaderEpoch; {@code logEndOffset} is the end of the newest epoch. */
    public EpochEnd endOf(int epoch, long logEndOffset) {
        throw new UnsupportedOperationException("skeleton");
    }

    /** The epoch that wrote this offset, -1 if unknown. */
    public int epochOf(long offset) {
        throw new UnsupportedOperationException("skeleton");
    }

    public List<Entry> entries() {
        throw new UnsupportedOperationException("skeleton");
    }
}
