package io.wellspring.management.endpoint;

import io.wellspring.coordinator.group.GroupLags;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Endpoints that show and change groups. */
@Configuration(proxyBeanMethods = false)
class GroupEndpointConfiguration {
    @Bean
    GroupsEndpoint groupsEndpoint(GroupLags lags) {
        return new GroupsEndpoint(lags::all, lags::of);
    }
}
