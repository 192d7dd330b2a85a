package io.wellspring.coordinator.group;

import io.wellspring.partition.Partition;
import io.wellspring.partition.Partitions;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.server.util.PartitionMetadataClient;

/** Tells the library where partitions end for their readers. Threads: any. */
final class LatestOffsets implements PartitionMetadataClient {
    private final Partitions partitions;

    LatestOffsets(Partitions partitions) {
        this.partitions = partitions;
    }

    @Override
    public Map<TopicPartition, CompletableFuture<OffsetResponse>> listLatestOffsets(Set<TopicPartition> names) {
        Map<TopicPartition, CompletableFuture<OffsetResponse>> answers = new HashMap<>();
        for (TopicPartition name : names) {
            Partition partition = partitions.find(LibraryNames.of(name));
            answers.put(
                    name,
                    CompletableFuture.completedFuture(
                            partition == null
                                    ? new OffsetResponse(-1L, Errors.UNKNOWN_TOPIC_OR_PARTITION)
                                    : new OffsetResponse(partition.highWatermark(), Errors.NONE)));
        }
        return answers;
    }

    @Override
    public void close() {}
}
