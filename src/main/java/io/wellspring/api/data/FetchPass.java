package io.wellspring.api.data;

import io.wellspring.batch.FileSlice;
import io.wellspring.model.CompressionType;
import io.wellspring.model.IsolationLevel;
import io.wellspring.partition.Partition;
import io.wellspring.partition.ReadOutcome;
import io.wellspring.partition.ReadRequest;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * One walk over the partitions of a fetch: reads each within what is left of the allowance. The first partition that has records may
 * exceed every allowance by its first batch, so that a large batch cannot stop a reader (KIP-74). Holds one reference of each
 * slice until {@link #release}, or until {@link FetchAnswers} has handed them to the response. Threads: one at a time.
 */
final class FetchPass {
    private final List<Read> reads;
    private long sizeBytes;
    private boolean isUrgent;

    private FetchPass(int size) {
        this.reads = new ArrayList<>(size);
    }

    /**
     * What came of one partition.
     *
     * @param partition null if there is none
     * @param error {@link Errors#NONE} if the outcome tells
     * @param outcome null if there was nothing to read from, or it was left out because it is cold
     */
    record Read(
            FetchWish wish,
            @Nullable Partition partition,
            Errors error,
            @Nullable ReadOutcome outcome) {
        @Nullable
        FileSlice slice() {
            return outcome instanceof ReadOutcome.Records records ? records.records() : null;
        }
    }

    /**
     * How to walk.
     *
     * @param maxBytes allowance for the whole answer
     * @param knowsZstd the client can read zstd (KIP-110)
     * @param skipsCold leaves out partitions whose records are not in the page cache in all likelihood
     */
    record Plan(IsolationLevel isolation, int maxBytes, boolean knowsZstd, boolean skipsCold) {}

    static FetchPass read(PartitionLookup lookup, List<FetchWish> wishes, Plan plan) {
        FetchPass pass = new FetchPass(wishes.size());
        try {
            int leftBytes = plan.maxBytes();
            boolean atLeastOne = true;
            for (FetchWish wish : wishes) {
                int given = pass.readOne(lookup.find(wish.key()), wish, plan, leftBytes, atLeastOne);
                atLeastOne &= given == 0;
                leftBytes = Math.max(0, leftBytes - given);
            }
            return pass;
        } catch (RuntimeException e) {
            pass.release();
            throw e;
        }
    }

    private int readOne(PartitionLookup.Found found, FetchWish wish, Plan plan, int leftBytes, boolean atLeastOne) {
        return switch (found) {
            case PartitionLookup.Missing(Errors error) -> {
                // Kafka lets a fetch wait even if it names an unknown partition among others: no hot loop on a stale
                // name.
                reads.add(new Read(wish, null, error, null));
                yield 0;
            }
            case PartitionLookup.Here(Partition partition) -> {
                if (!plan.knowsZstd() && partition.settings().compression() == CompressionType.ZSTD) {
                    reads.add(new Read(wish, partition, Errors.UNSUPPORTED_COMPRESSION_TYPE, null));
                    isUrgent = true;
                    yield 0;
                }
                if (plan.skipsCold() && !partition.isRecent(wish.fetchOffset())) {
                    reads.add(new Read(wish, partition, Errors.NONE, null));
                    yield 0;
                }
                ReadOutcome outcome = partition.read(new ReadRequest(
                        wish.fetchOffset(),
                        wish.currentLeaderEpoch(),
                        wish.lastFetchedEpoch(),
                        plan.isolation(),
                        Math.clamp(wish.maxBytes(), 0, leftBytes),
                        atLeastOne));
                Read read = new Read(wish, partition, Errors.NONE, outcome);
                reads.add(read);
                isUrgent |= !(outcome instanceof ReadOutcome.Records records) || records.diverging() != null;
                FileSlice slice = read.slice();
                int given = slice == null ? 0 : slice.sizeBytes();
                sizeBytes += given;
                yield given;
            }
        };
    }

    /** True if every partition that exists is hot: the walk will not wait for the disk. */
    static boolean isHot(PartitionLookup lookup, List<FetchWish> wishes) {
        for (FetchWish wish : wishes) {
            if (lookup.find(wish.key()) instanceof PartitionLookup.Here(Partition partition)
                    && !partition.isRecent(wish.fetchOffset())) {
                return false;
            }
        }
        return true;
    }

    List<Read> reads() {
        return reads;
    }

    /** Bytes of records that were found. */
    long sizeBytes() {
        return sizeBytes;
    }

    /** True if something was found that the client must know at once: a refusal, or that its log is not ours. */
    boolean isUrgent() {
        return isUrgent;
    }

    /** True if no partition could be read at all: there is nothing to wait for. */
    boolean isBarren() {
        return reads.stream().allMatch(read -> read.partition() == null);
    }

    /** Forgets the slices: they belong to somebody else now. */
    void handOver() {
        reads.clear();
    }

    void release() {
        for (Read read : reads) {
            FileSlice slice = read.slice();
            if (slice != null) {
                slice.release();
            }
        }
        reads.clear();
    }
}
