package io.wellspring.api.metadata;

import io.wellspring.partition.Partition;
import io.wellspring.partition.Partitions;
import io.wellspring.topic.TopicCommands;
import io.wellspring.topic.Topics;
import io.wellspring.topic.TopicsProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class MetadataConfiguration {
    @Bean
    ReplicaStates replicaStates(Partitions partitions) {
        return (topic, index) -> {
            Partition partition = partitions.find(topic, index);
            return partition == null
                    ? null
                    : new ReplicaStates.ReplicaState(partition.leaderEpoch(), partition.offlineReason() == null);
        };
    }

    @Bean
    TopicAutoCreation topicAutoCreation(Topics topics, TopicCommands commands, TopicsProperties properties) {
        return new TopicAutoCreation(topics, commands, properties.autoCreate());
    }
}
