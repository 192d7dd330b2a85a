package io.wellspring.management;

import io.wellspring.api.topics.LoggerLevels;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class LoggingConfiguration {
    @Bean
    LoggerLevels loggerLevels(LoggingSystem system) {
        return new LoggingSystemLevels(system);
    }
}
