package io.wellspring;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.core.Ordered;

/**
 * Makes an orderly stop end with exit code 0. A JVM that SIGTERM ends reports 143 whatever its shutdown hooks did, and
 * supervisors take that for a failure. Spring Boot calls its shutdown handlers after all contexts are closed: when the broker
 * had started, everything is drained, flushed and marked clean by then, and the process ends with 0.
 *
 * <p>Only {@code main} uses it: a broker inside another program (a test) must not end that program. Before the start is
 * complete nothing is registered, so a failed start keeps its own code. A second SIGTERM waits for the first.
 */
final class CleanStop implements ApplicationListener<ApplicationReadyEvent>, Ordered {
    private static final int STOPPED_IN_ORDER = 0;

    /** Before the ready line, which tells scripts that they may send SIGTERM. */
    @Override
    public int getOrder() {
        return HIGHEST_PRECEDENCE;
    }

    @Override
    public void onApplicationEvent(ApplicationReadyEvent event) {
        SpringApplication.getShutdownHandlers().add(() -> Runtime.getRuntime().halt(STOPPED_IN_ORDER));
    }
}
