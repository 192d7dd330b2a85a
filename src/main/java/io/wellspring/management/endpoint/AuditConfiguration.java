package io.wellspring.management.endpoint;

import org.springframework.boot.actuate.audit.AuditEventRepository;
import org.springframework.boot.actuate.audit.InMemoryAuditEventRepository;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What operators did: the last of it is shown at {@code /actuator/auditevents}, all of it is in the log. */
@Configuration(proxyBeanMethods = false)
class AuditConfiguration {
    private static final int EVENTS_KEPT = 1000;

    @Bean
    AuditEventRepository auditEventRepository() {
        return new InMemoryAuditEventRepository(EVENTS_KEPT);
    }

    @Bean
    Audit audit(ApplicationEventPublisher events) {
        return new Audit(events);
    }
}
