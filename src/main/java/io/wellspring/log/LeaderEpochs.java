package io.wellspring.log;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Which leader epoch wrote from which offset on, kept in Kafka's {@code leader-epoch-checkpoint} (KIP-101, KIP-279). Epochs and start
 * offsets both rise from entry to entry. Every change is on disk before it is seen here, and before a batch of a new epoch is written.
 * Threads: written by the log's owner thread, read by any.
 */
public final class LeaderEpochs {
    private static final EpochEnd UNKNOWN = new EpochEnd(-1, -1L);

    /**
     * @param epoch the epoch
     * @param startOffset the first offset it wrote
     */
    public record Entry(int epoch, long startOffset) {}

    /**
     * Where an epoch ends.
     *
     * @param epoch the largest known epoch that is not above the asked one (the asked one itself if all known are above); -1: none known
     * @param endOffset the offset after the last one of that epoch; -1: none known
     */
    public record EpochEnd(int epoch, long endOffset) {}

    /** Keeps the entries on disk. */
    @FunctionalInterface
    interface Store {
        /** Durable when it returns. */
        void save(List<Entry> entries) throws IOException;
    }

    private final Store store;
    private volatile List<Entry> entries;

    /** @param entries as read from disk, rising */
    LeaderEpochs(List<Entry> entries, Store store) {
        this.entries = List.copyOf(entries);
        this.store = store;
    }

    /** The newest epoch, -1 if none. */
    public int latestEpoch() {
        List<Entry> now = entries;
        return now.isEmpty() ? -1 : now.getLast().epoch();
    }

    /**
     * Answers OffsetForLeaderEpoch; {@code logEndOffset} is the end of the newest epoch. An epoch that is newer than all known is unknown;
     * one that is older than all known ends where the first known begins (KIP-279).
     */
    public EpochEnd endOf(int epoch, long logEndOffset) {
        List<Entry> now = entries;
        if (epoch < 0 || now.isEmpty() || epoch > now.getLast().epoch()) {
            return UNKNOWN;
        }
        if (epoch == now.getLast().epoch()) {
            return new EpochEnd(epoch, logEndOffset);
        }
        int above = 0;
        while (now.get(above).epoch() <= epoch) {
            above++;
        }
        int found = above == 0 ? epoch : now.get(above - 1).epoch();
        return new EpochEnd(found, now.get(above).startOffset());
    }

    /** The epoch that wrote this offset, -1 if unknown. */
    public int epochOf(long offset) {
        List<Entry> now = entries;
        for (int i = now.size() - 1; i >= 0; i--) {
            if (now.get(i).startOffset() <= offset) {
                return now.get(i).epoch();
            }
        }
        return -1;
    }

    /** Oldest first, immutable. */
    public List<Entry> entries() {
        return entries;
    }

    /**
     * These epochs and that of a leader that may have written nothing yet. It is saved with its first batch only, but readers may believe in it
     * before: it begins where its leader found the end of the log, and until it writes it ends there, too.
     *
     * @return for reading only
     */
    public LeaderEpochs with(Entry leading) {
        List<Entry> now = entries;
        if (!now.isEmpty() && leading.epoch() <= now.getLast().epoch()) {
            return this;
        }
        return new LeaderEpochs(followedBy(now, leading), _ -> {
            throw new IllegalStateException("a view of leader epochs is not written to");
        });
    }

    /** The epoch writes from this offset on. Does nothing unless it is newer than all known. */
    void assign(int epoch, long startOffset) throws IOException {
        if (epoch <= latestEpoch()) {
            return;
        }
        replace(followedBy(entries, new Entry(epoch, startOffset)));
    }

    /** Forgets epochs that began at this offset or later. */
    void truncateFromEnd(long endOffset) throws IOException {
        List<Entry> next = below(entries, endOffset);
        if (next.size() < entries.size()) {
            replace(next);
        }
    }

    /** Forgets epochs that ended at or before the new start; the one that covers it begins there. */
    void truncateFromStart(long startOffset) throws IOException {
        List<Entry> now = entries;
        int covering = -1;
        while (covering + 1 < now.size() && now.get(covering + 1).startOffset() <= startOffset) {
            covering++;
        }
        if (covering < 0 || (covering == 0 && now.getFirst().startOffset() == startOffset)) {
            return;
        }
        List<Entry> next = new ArrayList<>(now.subList(covering, now.size()));
        next.set(0, new Entry(now.get(covering).epoch(), startOffset));
        replace(next);
    }

    /** An epoch that wrote nothing leaves no trace: the new one begins at the same offset. */
    private static List<Entry> followedBy(List<Entry> entries, Entry newest) {
        List<Entry> next = below(entries, newest.startOffset());
        next.add(newest);
        return next;
    }

    private static List<Entry> below(List<Entry> entries, long offset) {
        List<Entry> kept = new ArrayList<>(entries);
        kept.removeIf(entry -> entry.startOffset() >= offset);
        return kept;
    }

    private void replace(List<Entry> next) throws IOException {
        List<Entry> immutable = List.copyOf(next);
        store.save(immutable);
        entries = immutable;
    }
}
