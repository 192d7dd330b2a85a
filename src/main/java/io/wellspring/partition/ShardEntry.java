package io.wellspring.partition;

import java.util.ArrayList;
import java.util.List;

/**
 * Appends of one shard that go through the order together. Threads: the shard's owner.
 */
public final class ShardEntry {
    /** An entry is closed when the next append would take it past this size; a single larger one travels alone. */
    public static final int TARGET_SIZE_BYTES = 1 << 20;

    private final List<PartitionAppend> appends;
    private final long sizeBytes;
    private long index;

    public ShardEntry(List<PartitionAppend> appends) {
        this(List.copyOf(appends), sizeBytes(appends));
    }

    private ShardEntry(List<PartitionAppend> appends, long sizeBytes) {
        this.appends = appends;
        this.sizeBytes = sizeBytes;
    }

    private static long sizeBytes(List<PartitionAppend> appends) {
        long size = 0;
        for (int i = 0; i < appends.size(); i++) { // by index, as in all that each group of appends goes through
            size += appends.get(i).sizeBytes();
        }
        return size;
    }

    /**
     * Cuts what waits into entries, in order.
     *
     * @param waiting belongs to the entries from now on
     */
    static List<ShardEntry> pack(List<PartitionAppend> waiting) {
        long size = sizeBytes(waiting);
        if (waiting.size() == 1 || size <= TARGET_SIZE_BYTES) {
            return List.of(new ShardEntry(waiting, size)); // nearly always: nothing is copied
        }
        return cut(waiting);
    }

    private static List<ShardEntry> cut(List<PartitionAppend> waiting) {
        List<ShardEntry> entries = new ArrayList<>();
        int first = 0;
        long size = 0;
        for (int i = 0; i < waiting.size(); i++) {
            int next = waiting.get(i).sizeBytes();
            if (i > first && size + next > TARGET_SIZE_BYTES) {
                entries.add(new ShardEntry(waiting.subList(first, i)));
                first = i;
                size = 0;
            }
            size += next;
        }
        if (first < waiting.size()) {
            entries.add(new ShardEntry(waiting.subList(first, waiting.size())));
        }
        return entries;
    }

    public List<PartitionAppend> appends() {
        return appends;
    }

    public long sizeBytes() {
        return sizeBytes;
    }

    /** Its place in the shard's order, 0 before it was written. */
    public long index() {
        return index;
    }

    void indexed(long place) {
        index = place;
    }

    /** Answers every append that is not answered yet with what became of it. */
    public void answer() {
        appends.forEach(PartitionAppend::complete);
    }

    /** Refuses every append that is not decided yet; answers nothing. */
    public void refuse(AppendRefusal reason, String message) {
        for (int i = 0; i < appends.size(); i++) {
            appends.get(i).refuse(reason, message);
        }
    }
}
