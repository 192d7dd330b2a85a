package io.wellspring.api;

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

    /** Looks the registry up when asked: the handler that asks is part of it. */
    @Bean
    SupportedApis supportedApis(ObjectProvider<ApiRegistry> registry) {
        return () -> registry.getObject().supported();
    }
}
