package io.wellspring.management;

import io.micrometer.core.instrument.MeterRegistry;
import io.wellspring.coordinator.group.GroupLagInterval;
import io.wellspring.coordinator.group.GroupLags;
import io.wellspring.coordinator.group.GroupMetrics;
import io.wellspring.support.Timers;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What operators see of groups. */
@Configuration(proxyBeanMethods = false)
class GroupManagementConfiguration {
    @Bean
    GroupMetrics groupMetrics(MeterRegistry registry) {
        return new GroupMeters(registry);
    }

    @Bean
    ApplicationListener<ApplicationReadyEvent> groupLagMeters(
            GroupLags lags, GroupLagInterval interval, MeterRegistry registry, Timers timers) {
        return event -> {
            GroupLagMeters meters = new GroupLagMeters(() -> lags.all(GroupLagMeters.ROWS_MOST), registry);
            timers.every(interval.value(), meters::look);
        };
    }
}
