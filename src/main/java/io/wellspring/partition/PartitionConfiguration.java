package io.wellspring.partition;

import io.wellspring.batch.BatchValidator;
import io.wellspring.log.FlushPolicy;
import io.wellspring.log.LogProperties;
import io.wellspring.log.LogStore;
import io.wellspring.model.NodeId;
import io.wellspring.partition.PartitionRoom.Parts;
import io.wellspring.support.Ticker;
import io.wellspring.support.Timers;
import io.wellspring.topic.TopicCatalog;
import io.wellspring.topic.TopicDefaults;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(PartitionProperties.class)
class PartitionConfiguration {
    /** Closed after the engine, which closes with its lifecycle. */
    @Bean
    ForceAhead forceAhead(PartitionProperties properties) {
        return new ForceAhead(properties.flushThreads());
    }

    @Bean
    ShardStores shardStores(
            PartitionProperties properties,
            LogProperties logProperties,
            ForceAhead forceAhead,
            Ticker ticker,
            ObjectProvider<PartitionMetrics> metrics) {
        boolean flushesFirst = logProperties.flush() == FlushPolicy.ALWAYS;
        List<PartitionShardStore> stores = new ArrayList<>();
        for (int i = 0; i < properties.shardCount(Runtime.getRuntime().availableProcessors()); i++) {
            stores.add(new PartitionShardStore(
                    new ShardId(i),
                    flushesFirst,
                    forceAhead,
                    ticker,
                    metrics.getIfAvailable(() -> PartitionMetrics.NONE)));
        }
        return new ShardStores(stores);
    }

    /** A bean of its own, because a list of beans is something else to Spring. */
    record ShardStores(List<PartitionShardStore> all) {}

    @Bean
    LocalEngine replicationEngine(
            ShardStores stores,
            PartitionProperties properties,
            NodeId nodeId,
            Ticker ticker,
            ObjectProvider<PartitionMetrics> metrics) {
        return new LocalEngine(
                stores.all(),
                new LocalEngine.QueueLimits(
                        properties.queueCount(), properties.queueSize().toBytes()),
                nodeId,
                ticker,
                metrics.getIfAvailable(() -> PartitionMetrics.NONE));
    }

    @Bean
    Partitions partitions(PartitionProperties properties) {
        return new Partitions(properties.readThreads(), properties.readQueue());
    }

    @Bean
    PartitionServices partitionServices(
            ReplicationEngine engine,
            LogStore logs,
            BatchValidator validator,
            InstantSource clock,
            ObjectProvider<PartitionMetrics> metrics) {
        return new PartitionServices(
                engine, validator, logs::acceptsWrites, clock, metrics.getIfAvailable(() -> PartitionMetrics.NONE));
    }

    @Bean
    PartitionOpener partitionOpener(
            LogStore logs,
            ShardStores stores,
            PartitionServices services,
            Partitions partitions,
            PartitionProperties properties,
            LogProperties logProperties,
            Ticker ticker) {
        int openThreads = logProperties.recoveryThreadsPerDirectory()
                * logProperties.directories().size();
        return new PartitionOpener(
                logs,
                stores.all(),
                services,
                partitions,
                new PartitionOpener.Limits(properties.maxProducers(), openThreads),
                ticker);
    }

    @Bean
    CatalogPartitions catalogPartitions(LogStore logs, PartitionOpener opener, Partitions partitions) {
        return new CatalogPartitions(logs, opener, partitions);
    }

    @Bean
    CatalogJournal topics(
            CatalogPartitions partitions,
            TopicDefaults defaults,
            PartitionProperties properties,
            InstantSource clock,
            Ticker ticker,
            Timers timers) {
        return new CatalogJournal(
                partitions, TopicCatalog.empty(defaults), properties.catalogQueue(), clock, ticker, timers);
    }

    @Bean
    ProducerIds producerIds(CatalogJournal journal) {
        return new ProducerIds(journal);
    }

    @Bean
    Housekeeping housekeeping(
            ReplicationEngine engine, ShardStores stores, Partitions partitions, Timers timers, LogStore logs) {
        return new Housekeeping(engine, stores.all(), partitions, timers, logs::writeMarksSoon);
    }

    @Bean
    PartitionOperations partitionOperations(ReplicationEngine engine, LogStore logs) {
        return new PartitionOperations(engine, logs);
    }

    @Bean
    Parts partitionParts(
            LocalEngine engine,
            PartitionOpener opener,
            CatalogPartitions catalogPartitions,
            CatalogJournal journal,
            ProducerIds producerIds,
            Partitions partitions,
            Housekeeping housekeeping,
            LogStore logs) {
        return new Parts(engine, opener, catalogPartitions, journal, producerIds, partitions, housekeeping, logs);
    }

    @Bean
    PartitionLifecycle partitionLifecycle(
            Parts parts, PartitionProperties properties, LogProperties logProperties, TopicDefaults defaults) {
        // Under OS only the flush.ms of topics counts: "never" for the broker itself.
        Duration flushInterval = switch (logProperties.flush()) {
            case ALWAYS -> null;
            case INTERVAL -> logProperties.flushInterval();
            case OS -> Duration.ofNanos(Long.MAX_VALUE);
        };
        PartitionRoom.Periods periods = new PartitionRoom.Periods(
                logProperties.retentionCheckInterval(),
                properties.producerIdExpiration(),
                logProperties.durableMarkInterval(),
                flushInterval);
        return new PartitionLifecycle(new PartitionRoom(parts, periods, defaults));
    }
}
