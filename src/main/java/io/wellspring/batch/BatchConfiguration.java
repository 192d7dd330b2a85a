package io.wellspring.batch;

import io.wellspring.batch.compression.DecompressionBounds;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(BatchProperties.class)
class BatchConfiguration {
    @Bean
    DecompressionBounds decompressionBounds(BatchProperties properties) {
        return properties.bounds();
    }

    @Bean
    BatchValidator batchValidator(DecompressionBounds bounds) {
        return new BatchValidator(bounds);
    }
}
