package io.wellspring.log;

import io.wellspring.batch.compression.DecompressionBounds;
import io.wellspring.model.BrokerIdentity;
import io.wellspring.model.BrokerSettingSource;
import io.wellspring.model.NodeId;
import io.wellspring.support.Ticker;
import io.wellspring.support.Timers;
import java.time.InstantSource;
import java.util.function.Supplier;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Puts the logs together. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({LogProperties.class, CleanerProperties.class, NodeProperties.class})
class LogConfiguration {
    @Bean
    LogFiles logFiles() {
        return new DiskLogFiles();
    }

    /** The lifecycle closes it: Spring's own closing would come after, and again. */
    @Bean(destroyMethod = "")
    LogStore logStore(
            LogProperties properties,
            CleanerProperties cleaner,
            NodeProperties node,
            LogFiles files,
            InstantSource clock,
            Ticker ticker,
            Timers timers,
            DecompressionBounds bounds,
            ObjectProvider<LogMetrics> metrics) {
        return new LogStore(
                properties,
                cleaner,
                node,
                new LogEnvironment(
                        files, clock, ticker, timers, metrics.getIfAvailable(() -> LogMetrics.NONE), bounds));
    }

    /** This broker's number, known before any directory is open. */
    @Bean
    NodeId nodeId(NodeProperties node) {
        return node.nodeId();
    }

    /** Who this broker is by the word of its log directories: known once they are open. */
    @Bean
    Supplier<BrokerIdentity> brokerIdentity(LogStore store) {
        return store::identity;
    }

    @Bean
    BrokerSettingSource logBrokerSettings(LogProperties properties) {
        return new LogBrokerSettings(properties);
    }

    @Bean
    BrokerSettingSource cleanerBrokerSettings(CleanerProperties cleaner) {
        return new CleanerBrokerSettings(cleaner);
    }

    @Bean
    LogLifecycle logLifecycle(LogStore store) {
        return new LogLifecycle(store);
    }
}
