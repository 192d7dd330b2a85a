package io.wellspring.api.topics;

import io.wellspring.api.ApiProperties;
import io.wellspring.model.BrokerSetting;
import io.wellspring.model.BrokerSettingSource;
import io.wellspring.model.NodeId;
import io.wellspring.model.SettingType;
import io.wellspring.partition.PartitionProperties;
import io.wellspring.topic.GroupSettingCommands;
import io.wellspring.topic.TopicCommands;
import io.wellspring.topic.Topics;
import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class TopicsApiConfiguration {
    @Bean
    BrokerConfigs brokerConfigs(NodeId nodeId, List<BrokerSettingSource> sources) {
        return new BrokerConfigs(nodeId, sources);
    }

    @Bean
    LoggerConfigs loggerConfigs(LoggerLevels loggers) {
        return new LoggerConfigs(loggers);
    }

    @Bean
    ConfigChanges configChanges(
            Topics topics,
            TopicCommands commands,
            GroupSettingCommands groups,
            BrokerConfigs brokers,
            LoggerConfigs loggers) {
        return new ConfigChanges(topics, commands, groups, brokers, loggers);
    }

    @Bean
    BrokerSettingSource apiBrokerSettings(ApiProperties properties, PartitionProperties partitions) {
        List<BrokerSetting> settings = List.of(
                new BrokerSetting(
                        "fetch.max.bytes",
                        SettingType.INT,
                        Long.toString(properties.fetchMaxBytes().toBytes()),
                        "57671680",
                        "The largest fetch answer: wellspring.api.fetch-max-bytes."),
                new BrokerSetting(
                        "max.incremental.fetch.session.cache.slots",
                        SettingType.INT,
                        Integer.toString(properties.fetchSessionSlots()),
                        "1000",
                        "Incremental fetch sessions kept at a time: wellspring.api.fetch-session-slots."),
                new BrokerSetting(
                        "producer.id.expiration.ms",
                        SettingType.INT,
                        Long.toString(partitions.producerIdExpiration().toMillis()),
                        "86400000",
                        "When an idle producer is forgotten: wellspring.partition.producer-id-expiration."));
        return () -> settings;
    }
}
