package io.wellspring.api;

import io.wellspring.support.Ticker;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ApiProperties.class)
class ApiConfiguration {
    @Bean
    ApiRegistry apiRegistry(List<RequestHandler<?, ?>> handlers) {
        return new ApiRegistry(handlers);
    }

    @Bean
    RequestProcessor requestProcessor(ApiRegistry registry, ObjectProvider<RequestMetrics> metrics, Ticker ticker) {
        return new RequestDispatcher(registry, metrics.getIfAvailable(() -> RequestMetrics.NONE), ticker);
    }

    /** Looks the registry up when asked: the handler that asks is part of it. */
    @Bean
    SupportedApis supportedApis(ObjectProvider<ApiRegistry> registry) {
        return () -> registry.getObject().supported();
    }
}
