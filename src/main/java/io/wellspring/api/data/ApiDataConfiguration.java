package io.wellspring.api.data;

import io.wellspring.api.ApiProperties;
import io.wellspring.model.NodeId;
import io.wellspring.support.Ticker;
import java.security.SecureRandom;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class ApiDataConfiguration {
    @Bean
    FetchSessions fetchSessions(ApiProperties properties, Ticker ticker) {
        SecureRandom random = new SecureRandom();
        return new FetchSessions(
                properties.fetchSessionSlots(),
                properties.fetchSessionPartitions(),
                properties.fetchSessionMinAge(),
                ticker,
                () -> random.nextInt(1, Integer.MAX_VALUE));
    }

    @Bean
    FetchAnswers fetchAnswers(NodeId nodeId, ObjectProvider<FetchMetrics> metrics) {
        return new FetchAnswers(nodeId, metrics.getIfAvailable(() -> FetchMetrics.NONE));
    }
}
