package io.wellspring.management;

import io.micrometer.core.instrument.MeterRegistry;
import io.wellspring.coordinator.group.GroupLags;
import io.wellspring.coordinator.group.GroupMetrics;
import io.wellspring.support.Timers;
import java.time.Duration;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What operators see of groups. */
@Configuration(proxyBeanMethods = false)
class GroupManagementConfiguration {
    /** Lag is read from the log for every group: often enough for an alert, seldom enough to cost nothing. */
    private static final Duration LAG_INTERVAL = Duration.ofSeconds(15);

    @Bean
    GroupMetrics groupMetrics(MeterRegistry registry) {
        return new GroupMeters(registry);
    }

    @Bean
    GroupsEndpoint groupsEndpoint(GroupLags lags) {
        return new GroupsEndpoint(lags::all, lags::of);
    }

    @Bean
    ApplicationListener<ApplicationReadyEvent> groupLagMeters(GroupLags lags, MeterRegistry registry, Timers timers) {
        return event -> {
            GroupLagMeters meters = new GroupLagMeters(() -> lags.all(GroupLagMeters.ROWS_MOST), registry);
            timers.every(LAG_INTERVAL, meters::look);
        };
    }
}
