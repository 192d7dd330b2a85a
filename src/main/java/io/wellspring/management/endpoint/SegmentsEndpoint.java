package io.wellspring.management.endpoint;

import io.wellspring.log.SegmentDescription;
import io.wellspring.partition.Partition;
import io.wellspring.partition.Partitions;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import reactor.core.publisher.Mono;

/**
 * {@code /actuator/segments/{topic}/{partition}}: the segments of one partition, oldest first, in pages. 503 if the disk has too much to do. Threads: the
 * management server's; the disk is read by those that read it for clients.
 */
@Endpoint(id = "segments")
final class SegmentsEndpoint {
    private final Partitions partitions;

    SegmentsEndpoint(Partitions partitions) {
        this.partitions = partitions;
    }

    /**
     * Some segments.
     *
     * @param next to be given as {@code after}; null: there are no more
     */
    record SegmentPage(
            String topic,
            int partition,
            List<SegmentState> segments,
            @Nullable String next) {}

    /**
     * One segment.
     *
     * @param baseOffset its first offset, which names its file
     * @param endOffset offset after its last record
     * @param active appends go there
     * @param flushed all of it is known to be on disk
     * @param largestTimestamp largest time of a record; null: it has none
     */
    record SegmentState(
            long baseOffset,
            long endOffset,
            long sizeBytes,
            boolean active,
            boolean flushed,
            @Nullable Instant largestTimestamp) {}

    /**
     * The segments of one partition.
     *
     * @param after only those behind this base offset
     * @param limit how many, 1 to 1000, 100 unless it is given
     */
    @ReadOperation
    Mono<SegmentPage> of(
            @Selector String topic, @Selector int partition, @Nullable Long after, @Nullable Integer limit) {
        Partition found = PartitionNames.find(partitions, topic, partition);
        int most = Page.limit(limit);
        return DiskWork.on(partitions.diskReads(), found::segments).map(segments -> page(found, segments, after, most));
    }

    private static SegmentPage page(
            Partition partition, List<SegmentDescription> segments, @Nullable Long after, int limit) {
        Page<SegmentDescription> page = Page.of(
                segments.stream().filter(segment -> after == null || segment.baseOffset() > after),
                limit,
                segment -> Long.toString(segment.baseOffset()));
        return new SegmentPage(
                partition.id().topic(), partition.id().partition(), page.map(SegmentsEndpoint::state), page.next());
    }

    private static SegmentState state(SegmentDescription segment) {
        long timestampMs = segment.largestTimestampMs();
        return new SegmentState(
                segment.baseOffset(),
                segment.endOffset(),
                segment.sizeBytes(),
                segment.isActive(),
                segment.isFlushed(),
                timestampMs < 0 ? null : Instant.ofEpochMilli(timestampMs));
    }
}
