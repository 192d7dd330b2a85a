package io.wellspring.management.endpoint;

import io.wellspring.coordinator.group.GroupLags;
import io.wellspring.log.LogStore;
import io.wellspring.network.Connections;
import io.wellspring.partition.PartitionOperations;
import io.wellspring.partition.Partitions;
import io.wellspring.topic.TopicCommands;
import io.wellspring.topic.Topics;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Endpoints that show what the broker has, and change it. */
@Configuration(proxyBeanMethods = false)
class EndpointConfiguration {
    @Bean
    UnreadRecords unreadRecords(GroupLags lags) {
        return new UnreadRecords(lags);
    }

    @Bean
    TopicsEndpoint topicsEndpoint(
            Topics topics, Partitions partitions, TopicCommands commands, UnreadRecords unread, Audit audit) {
        return new TopicsEndpoint(topics, partitions, new TopicActions(topics, commands), unread, audit);
    }

    @Bean
    PartitionsEndpoint partitionsEndpoint(
            Topics topics, Partitions partitions, PartitionOperations operations, UnreadRecords unread, Audit audit) {
        return new PartitionsEndpoint(topics, partitions, new PartitionActions(operations, unread), audit);
    }

    @Bean
    SegmentsEndpoint segmentsEndpoint(Partitions partitions) {
        return new SegmentsEndpoint(partitions);
    }

    @Bean
    ProducersEndpoint producersEndpoint(Partitions partitions) {
        return new ProducersEndpoint(partitions);
    }

    @Bean
    ConnectionsEndpoint connectionsEndpoint(Connections connections, Audit audit) {
        return new ConnectionsEndpoint(connections, audit);
    }

    @Bean
    LogDirsEndpoint logDirsEndpoint(LogStore store, Partitions partitions) {
        return new LogDirsEndpoint(store, partitions);
    }
}
