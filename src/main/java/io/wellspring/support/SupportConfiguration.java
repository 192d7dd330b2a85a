package io.wellspring.support;

import java.time.InstantSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The clocks and timers of the running broker; every other place gets them through its constructor. */
@Configuration(proxyBeanMethods = false)
class SupportConfiguration {
    @Bean
    InstantSource instantSource() {
        return InstantSource.system();
    }

    @Bean
    Ticker ticker() {
        return Ticker.system();
    }

    @Bean
    ScheduledTimers timers() {
        return new ScheduledTimers();
    }
}
