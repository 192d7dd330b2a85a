package io.wellspring.topic;

import io.wellspring.model.BrokerSettingSource;
import io.wellspring.model.NodeId;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(TopicsProperties.class)
class TopicConfiguration {
    /** What the replay of the catalog begins with: {@link TopicCatalog#empty}. */
    @Bean
    TopicDefaults topicDefaults(TopicsProperties properties, NodeId nodeId) {
        return TopicDefaults.of(nodeId.toString(), properties.configured());
    }

    @Bean
    TopicCommands topicCommands(TopicsProperties properties, NodeId nodeId) {
        return new TopicCommands(nodeId, properties.limits());
    }

    @Bean
    BrokerSettingSource topicBrokerSettings(TopicsProperties properties, NodeId nodeId) {
        return new TopicBrokerSettings(properties, nodeId);
    }
}
