package io.wellspring.api.groups;

import io.wellspring.support.Ticker;
import io.wellspring.topic.TopicCommands;
import io.wellspring.topic.Topics;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class GroupsApiConfiguration {
    @Bean
    StreamsTopics streamsTopics(Topics topics, TopicCommands commands, Ticker ticker) {
        return new StreamsTopics(topics, commands, new TopicFailures(ticker));
    }
}
