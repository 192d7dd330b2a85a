package io.wellspring.topic;

import io.wellspring.model.BrokerIdentity;
import io.wellspring.model.BrokerSettingSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(TopicsProperties.class)
class TopicConfiguration {
    /** What the replay of the catalog begins with: {@link TopicCatalog#empty}. */
    @Bean
    TopicDefaults topicDefaults(TopicsProperties properties, BrokerIdentity identity) {
        return TopicDefaults.of(identity.nodeId().toString(), properties.configured());
    }

    @Bean
    TopicCommands topicCommands(TopicsProperties properties, BrokerIdentity identity) {
        return new TopicCommands(identity.nodeId(), properties.limits());
    }

    @Bean
    BrokerSettingSource topicBrokerSettings(TopicsProperties properties, BrokerIdentity identity) {
        return new TopicBrokerSettings(properties, identity);
    }
}
