package io.wellspring.testing;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAccumulator;

/**
 * What was acknowledged and what was read of one topic, and the judge over both: an acknowledged record stands at its offset, offsets are
 * dense, what was read once is read again, writers' records stand in their order, those of idempotent writers exactly once. Threads: acknowledgements any,
 * the rest one.
 */
public final class WriteHistory {
    private final List<Partition> partitions = new ArrayList<>();

    public WriteHistory(int partitionCount) {
        for (int i = 0; i < partitionCount; i++) {
            partitions.add(new Partition(i));
        }
    }

    public int partitionCount() {
        return partitions.size();
    }

    public void acknowledged(int partition, long offset, CheckedValue value) {
        Partition one = partitions.get(partition);
        CheckedValue before = one.acknowledged.putIfAbsent(offset, value);
        if (before != null) {
            throw new AssertionError("offset " + offset + " of partition " + partition + " was acknowledged to "
                    + before + " and to " + value);
        }
        one.end.accumulate(offset + 1);
    }

    /** The offset after the last one acknowledged so far. */
    public long acknowledgedEnd(int partition) {
        return partitions.get(partition).end.get();
    }

    public long acknowledgedCount() {
        return partitions.stream().mapToLong(one -> one.acknowledged.size()).sum();
    }

    /** The offset after the last one read so far. */
    public long readEnd(int partition) {
        return partitions.get(partition).read.size();
    }

    /** Judges one record that a consumer got. */
    public void read(int partition, long offset, CheckedValue value) {
        partitions.get(partition).judge(offset, value);
    }

    /** How many records of an idempotent writer were read: all up to its so-manieth. */
    public long readOf(int writer, int partition) {
        return partitions.get(partition).lastSequences.getOrDefault(writer, -1L) + 1;
    }

    /** Writers with even numbers are idempotent: between two of their records none is missing. The others may lose what was never acknowledged. */
    public static boolean isIdempotent(int writer) {
        return writer % 2 == 0;
    }

    private static final class Partition {
        private final int number;
        private final Map<Long, CheckedValue> acknowledged = new ConcurrentHashMap<>();
        private final LongAccumulator end = new LongAccumulator(Math::max, 0L);
        private final List<CheckedValue> read = new ArrayList<>();
        private final Map<Integer, Long> lastSequences = new HashMap<>();

        Partition(int number) {
            this.number = number;
        }

        void judge(long offset, CheckedValue value) {
            String where = "partition " + number + " offset " + offset + ": ";
            if (offset > read.size()) {
                throw new AssertionError(where + "no record at offset " + read.size());
            }
            if (offset < read.size()) {
                if (!read.get((int) offset).equals(value)) {
                    throw new AssertionError(where + value + ", before it was " + read.get((int) offset));
                }
            } else {
                read.add(value);
                judgeOrder(where, value);
            }
            CheckedValue promised = acknowledged.getOrDefault(offset, value);
            if (!promised.equals(value)) {
                throw new AssertionError(where + value + ", acknowledged was " + promised);
            }
        }

        private void judgeOrder(String where, CheckedValue value) {
            long last = lastSequences.getOrDefault(value.writer(), -1L);
            boolean isInOrder = isIdempotent(value.writer()) ? value.sequence() == last + 1 : value.sequence() > last;
            if (!isInOrder) {
                throw new AssertionError(where + value + " after sequence " + last + " of this writer");
            }
            lastSequences.put(value.writer(), value.sequence());
        }
    }
}
