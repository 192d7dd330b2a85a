package io.wellspring.coordinator.group;

import io.wellspring.model.TopicPartition;
import io.wellspring.partition.Partition;
import io.wellspring.partition.Partitions;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.apache.kafka.common.message.ListGroupsResponseData;
import org.apache.kafka.common.message.ListGroupsResponseData.ListedGroup;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponsePartitions;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseTopics;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Computes how far groups are behind: their committed offsets against the ends of the partitions, and the age of the first record they have
 * not read. Nothing is kept. The ages are read from the log, one group at a time, by threads that may wait for the disk and that serve fetches
 * too: a look takes one place in their queue, whatever there is to look at. When that queue is full, ages are told as unknown and offsets
 * are told all the same. Threads: any.
 */
public final class GroupLags {
    private static final Logger LOG = LoggerFactory.getLogger(GroupLags.class);
    private static final long NO_OFFSET = -1L;

    private final Source source;
    private final Partitions partitions;
    private final RecordTimes times;
    private final Executor diskReads;
    private final InstantSource clock;

    /** What groups there are and what they have committed: the coordinator. */
    interface Source {
        CompletionStage<ListGroupsResponseData> list();

        CompletionStage<OffsetFetchResponseGroup> committed(String groupId);
    }

    /** @param diskReads may block; refuses with {@link RejectedExecutionException} when it has too much to do */
    GroupLags(Source source, Partitions partitions, RecordTimes times, Executor diskReads, InstantSource clock) {
        this.source = source;
        this.partitions = partitions;
        this.times = times;
        this.diskReads = diskReads;
        this.clock = clock;
    }

    /**
     * The lag of all groups. Those whose offsets cannot be had just now are left out: nobody is to take them for groups without lag.
     * Fails with {@link GroupsUnavailableException} while it is not known which groups there are.
     *
     * @param most groups that are looked at; the rest, in the order of their names, is left out
     */
    public CompletionStage<List<GroupLag>> all(int most) {
        return listed().thenCompose(listed -> lagsOf(listed.stream()
                .sorted(Comparator.comparing(ListedGroup::groupId))
                .limit(most)
                .toList()));
    }

    private CompletionStage<List<ListedGroup>> listed() {
        return source.list().thenApply(answer -> {
            Errors error = Errors.forCode(answer.errorCode());
            if (error != Errors.NONE) {
                throw new GroupsUnavailableException("groups cannot be told just now: " + error);
            }
            return answer.groups();
        });
    }

    /** The lag of one group, null if there is no such group. Fails with {@link GroupsUnavailableException} if it cannot be had just now. */
    public CompletionStage<@Nullable GroupLag> of(String groupId) {
        return listed().thenCompose(listed -> {
            List<ListedGroup> found = listed.stream()
                    .filter(group -> group.groupId().equals(groupId))
                    .toList();
            return lagsOf(found).thenApply(lags -> {
                if (lags.isEmpty() && !found.isEmpty()) {
                    throw new GroupsUnavailableException("the offsets of group " + groupId + " cannot be had just now");
                }
                return lags.isEmpty() ? null : lags.getFirst();
            });
        });
    }

    private CompletionStage<List<GroupLag>> lagsOf(List<ListedGroup> groups) {
        List<CompletableFuture<@Nullable Committed>> each =
                groups.stream().map(this::committed).toList();
        return CompletableFuture.allOf(each.toArray(new CompletableFuture<?>[0]))
                .thenCompose(done -> new Look(each.stream()
                                .map(CompletableFuture::join)
                                .filter(Objects::nonNull)
                                .toList())
                        .begin());
    }

    /** A group and what it has committed. */
    private record Committed(ListedGroup group, OffsetFetchResponseGroup offsets) {}

    private CompletableFuture<@Nullable Committed> committed(ListedGroup group) {
        return source.committed(group.groupId())
                .<@Nullable Committed>handle((offsets, failure) -> {
                    if (failure == null && offsets.errorCode() == Errors.NONE.code()) {
                        return new Committed(group, offsets);
                    }
                    LOG.debug(
                            "Offsets of a group cannot be had: group={} error={}",
                            group.groupId(),
                            failure == null ? Errors.forCode(offsets.errorCode()) : failure);
                    return null;
                })
                .toCompletableFuture();
    }

    /** One group after the other. */
    private final class Look {
        private final List<Committed> groups;
        private final List<GroupLag> lags = new ArrayList<>();
        private final CompletableFuture<List<GroupLag>> answer = new CompletableFuture<>();

        Look(List<Committed> groups) {
            this.groups = groups;
        }

        CompletionStage<List<GroupLag>> begin() {
            goOn();
            return answer;
        }

        private void goOn() {
            while (lags.size() < groups.size()) {
                try {
                    diskReads.execute(this::readOne);
                    return;
                } catch (RejectedExecutionException full) {
                    lags.add(lagOf(groups.get(lags.size()), (partition, offset) -> GroupLag.UNKNOWN_MS));
                }
            }
            answer.complete(lags);
        }

        private void readOne() {
            try {
                lags.add(lagOf(groups.get(lags.size()), GroupLags.this::ageOf));
            } catch (RuntimeException bug) {
                answer.completeExceptionally(bug);
                return;
            }
            goOn();
        }
    }

    /** How long ago the first record from an offset on was made, in milliseconds. */
    @FunctionalInterface
    private interface Ages {
        long of(Partition partition, long offset);
    }

    private GroupLag lagOf(Committed committed, Ages ages) {
        List<GroupLag.OfPartition> lags = new ArrayList<>();
        for (OffsetFetchResponseTopics topic : committed.offsets().topics()) {
            for (OffsetFetchResponsePartitions offset : topic.partitions()) {
                Partition partition = partitions.find(new TopicPartition(topic.name(), offset.partitionIndex()));
                if (partition != null && offset.committedOffset() != NO_OFFSET) {
                    lags.add(lagOf(partition, offset.committedOffset(), ages));
                }
            }
        }
        lags.sort(Comparator.comparing(
                        (GroupLag.OfPartition lag) -> lag.partition().topic())
                .thenComparingInt(lag -> lag.partition().partition()));
        ListedGroup group = committed.group();
        return new GroupLag(group.groupId(), group.groupType(), group.groupState(), lags);
    }

    private static GroupLag.OfPartition lagOf(Partition partition, long committedOffset, Ages ages) {
        // In this order: the end, which only grows, is never before the last stable offset.
        long stable = partition.lastStableOffset();
        long end = partition.highWatermark();
        long lagMs = committedOffset < end ? ages.of(partition, committedOffset) : 0L;
        return new GroupLag.OfPartition(partition.id(), committedOffset, end, stable, lagMs);
    }

    private long ageOf(Partition partition, long offset) {
        try {
            Long time = times.atOrAfter(partition, offset);
            if (time == null) {
                return 0L;
            }
            // Producers may leave the time out.
            return time < 0 ? GroupLag.UNKNOWN_MS : Math.max(0L, clock.millis() - time);
        } catch (IOException failure) {
            LOG.warn("The age of a record cannot be read: partition={} offset={}", partition, offset, failure);
            return GroupLag.UNKNOWN_MS;
        }
    }
}
