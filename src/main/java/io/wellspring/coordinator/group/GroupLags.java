package io.wellspring.coordinator.group;

import io.wellspring.model.TopicPartition;
import io.wellspring.partition.Partition;
import io.wellspring.partition.Partitions;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.apache.kafka.common.message.ListGroupsRequestData;
import org.apache.kafka.common.message.ListGroupsResponseData.ListedGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponsePartitions;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseTopics;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Computes how far groups are behind: their committed offsets against the ends of the partitions, and the age of the first record they have
 * not read. Nothing is kept; the times are read from the log, by threads that may wait for the disk. Threads: any.
 */
public final class GroupLags {
    private static final Logger LOG = LoggerFactory.getLogger(GroupLags.class);
    private static final long NO_OFFSET = -1L;

    private final Groups groups;
    private final GroupCaller self;
    private final Partitions partitions;
    private final RecordTimes times;
    private final Executor diskReads;
    private final InstantSource clock;

    /**
     * @param self whom the library sees asking
     * @param diskReads may block; refuses with {@link java.util.concurrent.RejectedExecutionException} when it has too much to do
     */
    GroupLags(
            Groups groups,
            GroupCaller self,
            Partitions partitions,
            RecordTimes times,
            Executor diskReads,
            InstantSource clock) {
        this.groups = groups;
        this.self = self;
        this.partitions = partitions;
        this.times = times;
        this.diskReads = diskReads;
        this.clock = clock;
    }

    /** A group with what it has committed. */
    private record Committed(ListedGroup group, OffsetFetchResponseGroup offsets) {}

    /**
     * The lag of all groups. However many there are, they are one task for the threads that read the disk, where clients' reads wait, too.
     *
     * @param most groups that are looked at; the rest, in the order of their names, is left out
     */
    public CompletionStage<List<GroupLag>> all(int most) {
        return groups.list(self, new ListGroupsRequestData()).thenCompose(listed -> {
            List<CompletableFuture<Committed>> each = listed.groups().stream()
                    .sorted(Comparator.comparing(ListedGroup::groupId))
                    .limit(most)
                    .map(group -> committed(group).toCompletableFuture())
                    .toList();
            return CompletableFuture.allOf(each.toArray(new CompletableFuture<?>[0]))
                    .thenApplyAsync(
                            done -> each.stream()
                                    .map(CompletableFuture::join)
                                    .map(this::lagOf)
                                    .toList(),
                            diskReads);
        });
    }

    /** The lag of one group, null if there is no such group. */
    public CompletionStage<@Nullable GroupLag> of(String groupId) {
        return groups.list(self, new ListGroupsRequestData()).thenCompose(listed -> {
            for (ListedGroup group : listed.groups()) {
                if (group.groupId().equals(groupId)) {
                    return committed(group).thenApplyAsync(this::lagOf, diskReads);
                }
            }
            return CompletableFuture.<@Nullable GroupLag>completedFuture(null);
        });
    }

    /** A group whose offsets cannot be had just now has none: it must not hide the others. */
    private CompletionStage<Committed> committed(ListedGroup group) {
        OffsetFetchRequestGroup all =
                new OffsetFetchRequestGroup().setGroupId(group.groupId()).setTopics(null);
        return groups.fetchOffsets(self, all, false)
                .exceptionally(failure -> {
                    LOG.debug("Offsets of a group cannot be had: group={}", group.groupId(), failure);
                    return new OffsetFetchResponseGroup();
                })
                .thenApply(offsets -> new Committed(group, offsets));
    }

    private GroupLag lagOf(Committed committed) {
        ListedGroup group = committed.group();
        return new GroupLag(
                group.groupId(), group.groupType(), group.groupState(), partitionsOf(group, committed.offsets()));
    }

    private List<GroupLag.OfPartition> partitionsOf(ListedGroup group, OffsetFetchResponseGroup offsets) {
        List<GroupLag.OfPartition> lags = new ArrayList<>();
        if (offsets.errorCode() != Errors.NONE.code()) {
            LOG.debug(
                    "Offsets of a group cannot be had: group={} error={}",
                    group.groupId(),
                    Errors.forCode(offsets.errorCode()));
            return lags;
        }
        for (OffsetFetchResponseTopics topic : offsets.topics()) {
            for (OffsetFetchResponsePartitions committed : topic.partitions()) {
                Partition partition = partitions.find(new TopicPartition(topic.name(), committed.partitionIndex()));
                if (partition != null && committed.committedOffset() != NO_OFFSET) {
                    lags.add(lagOf(partition, committed.committedOffset()));
                }
            }
        }
        lags.sort(Comparator.comparing(
                        (GroupLag.OfPartition lag) -> lag.partition().topic())
                .thenComparingInt(lag -> lag.partition().partition()));
        return lags;
    }

    private GroupLag.OfPartition lagOf(Partition partition, long committedOffset) {
        long end = partition.highWatermark();
        long lagMs = 0L;
        if (committedOffset < end) {
            try {
                Long time = times.atOrAfter(partition, committedOffset);
                lagMs = time == null ? 0L : Math.max(0L, clock.millis() - time);
            } catch (IOException failure) {
                LOG.warn(
                        "The age of a record cannot be read: partition={} offset={}",
                        partition,
                        committedOffset,
                        failure);
            }
        }
        return new GroupLag.OfPartition(partition.id(), committedOffset, end, partition.lastStableOffset(), lagMs);
    }
}
