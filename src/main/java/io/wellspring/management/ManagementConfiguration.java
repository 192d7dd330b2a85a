package io.wellspring.management;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.netty4.NettyAllocatorMetrics;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import io.wellspring.api.RequestMetrics;
import io.wellspring.api.data.FetchMetrics;
import io.wellspring.api.data.FetchSessionCounts;
import io.wellspring.log.LogMetrics;
import io.wellspring.log.LogStore;
import io.wellspring.log.LogStore.DirectoryStatus;
import io.wellspring.log.PartitionLog;
import io.wellspring.management.DirectoryMeters.Directory;
import io.wellspring.network.Connections;
import io.wellspring.network.NetworkMetrics;
import io.wellspring.partition.Partition;
import io.wellspring.partition.PartitionMetrics;
import io.wellspring.partition.Partitions;
import io.wellspring.partition.PartitionsProgress;
import io.wellspring.support.Ticker;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Health and meters: looks into the rooms, which know nothing of it but the interfaces they count through. */
@Configuration(proxyBeanMethods = false)
class ManagementConfiguration {
    @Bean
    RequestMetrics requestMetrics(MeterRegistry registry) {
        return new RequestMeters(registry);
    }

    @Bean
    NetworkMetrics networkMetrics(MeterRegistry registry) {
        return new NetworkMeters(registry);
    }

    /** What is told by topic: appends ({@link PartitionMetrics}) and fetches ({@link FetchMetrics}). */
    @Bean
    PartitionMeters partitionMeters(MeterRegistry registry) {
        return new PartitionMeters(registry);
    }

    @Bean
    LogMetrics logMetrics(MeterRegistry registry) {
        return new LogMeters(registry);
    }

    /** Registered when the rooms have started: what the gauges look at is open then. */
    @Bean
    ApplicationListener<ApplicationReadyEvent> roomGauges(
            MeterRegistry registry,
            LogStore store,
            Partitions partitions,
            Connections connections,
            FetchSessionCounts sessions,
            Ticker ticker) {
        return event -> {
            new DirectoryMeters(() -> directories(store), ticker).register(registry);
            MeterCatalog.NETWORK_IN_FLIGHT.gauge(registry, connections, Connections::bytesInFlight);
            MeterCatalog.FETCH_SESSIONS.gauge(registry, sessions, FetchSessionCounts::count);
            MeterCatalog.FETCH_SESSION_PARTITIONS.gauge(registry, sessions, FetchSessionCounts::partitionCount);
            MeterCatalog.FETCH_SESSIONS_EVICTED.counter(registry, sessions, FetchSessionCounts::evictionCount);
            MeterCatalog.PARTITIONS.gauge(
                    registry, partitions, source -> source.progress().totalCount());
            MeterCatalog.PARTITIONS_OFFLINE.gauge(
                    registry, partitions, source -> source.progress().offlineCount());
            if (ByteBufAllocator.DEFAULT instanceof ByteBufAllocatorMetricProvider allocator) {
                new NettyAllocatorMetrics(allocator).bindTo(registry);
            }
        };
    }

    @Bean
    HealthIndicator partitionsHealthIndicator(Partitions partitions) {
        return new OfflinePartitionsHealth(() -> offline(partitions));
    }

    @Bean
    HealthIndicator logDirectoriesHealthIndicator(LogStore store) {
        return new LogDirectoriesHealth(() -> directories(store));
    }

    @Bean
    HealthIndicator compactionHealthIndicator(LogStore store) {
        return new CompactionHealth(store::compactionFailures);
    }

    @Bean
    HealthIndicator recoveryHealthIndicator(Partitions partitions) {
        return new RecoveryHealth(partitions::progress);
    }

    private static Map<String, String> offline(Partitions partitions) {
        PartitionsProgress progress = partitions.progress();
        Map<String, String> offline = new TreeMap<>();
        if (progress.offlineCount() > 0) {
            partitions.failed().forEach((partition, reason) -> offline.put(partition.toString(), reason));
            for (Partition partition : partitions.all()) {
                String reason = partition.offlineReason();
                if (reason != null) {
                    offline.put(partition.id().toString(), reason);
                }
            }
        }
        return offline;
    }

    private static List<Directory> directories(LogStore store) {
        return store.directories().stream()
                .map(ManagementConfiguration::directory)
                .toList();
    }

    private static Directory directory(DirectoryStatus status) {
        long sizeBytes =
                status.logs().stream().mapToLong(PartitionLog::sizeBytes).sum();
        return new Directory(
                status.path(),
                status.failure(),
                status.totalBytes(),
                status.usableBytes(),
                status.logs().size(),
                sizeBytes);
    }
}
