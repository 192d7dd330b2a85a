package io.wellspring.api.cluster;

import io.wellspring.api.cluster.LogDirectories.LogDirectory;
import io.wellspring.api.cluster.LogDirectories.LogSize;
import io.wellspring.log.LogStore;
import io.wellspring.log.LogStore.DirectoryStatus;
import io.wellspring.log.PartitionLog;
import io.wellspring.partition.Partition;
import io.wellspring.partition.Partitions;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.protocol.Errors;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class ClusterConfiguration {
    private static final long NO_LAG_KNOWN = -1L;

    @Bean
    LogDirectories logDirectories(LogStore store, Partitions partitions) {
        return () -> CompletableFuture.supplyAsync(
                () -> store.directories().stream()
                        .map(status -> describe(status, partitions))
                        .toList(),
                partitions.diskReads());
    }

    private static LogDirectory describe(DirectoryStatus status, Partitions partitions) {
        List<LogSize> logs = status.logs().stream()
                .map(log -> new LogSize(log.partition(), log.sizeBytes(), lag(partitions, log)))
                .toList();
        return new LogDirectory(
                status.path(), status.failure().isEmpty(), status.totalBytes(), status.usableBytes(), logs);
    }

    private static long lag(Partitions partitions, PartitionLog log) {
        Partition partition = partitions.find(log.partition());
        if (partition == null || partition.offlineReason() != null) {
            return NO_LAG_KNOWN;
        }
        return Math.max(0L, partition.highWatermark() - log.endOffset());
    }

    @Bean
    ActiveProducers activeProducers(Partitions partitions) {
        return id -> {
            Partition partition = partitions.find(id);
            if (partition == null) {
                return new ActiveProducers.Answer.Refused(Errors.UNKNOWN_TOPIC_OR_PARTITION);
            }
            if (partition.offlineReason() != null) {
                return new ActiveProducers.Answer.Refused(Errors.KAFKA_STORAGE_ERROR);
            }
            if (!partition.isLeader()) {
                return new ActiveProducers.Answer.Refused(Errors.NOT_LEADER_OR_FOLLOWER);
            }
            return new ActiveProducers.Answer.Known(partition.producers());
        };
    }
}
