package io.wellspring.management.endpoint;

import java.security.Principal;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.actuate.audit.AuditEvent;
import org.springframework.boot.actuate.audit.listener.AuditApplicationEvent;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.web.server.ResponseStatusException;
import reactor.core.publisher.Mono;

/**
 * Tells who did what, and what came of it: once for each operation, also if it was refused, as Spring Boot's {@link AuditEvent} and as a line of the log.
 * Threads: any.
 */
final class Audit {
    private static final Logger LOG = LoggerFactory.getLogger(Audit.class);
    private static final String NOBODY = "unknown";

    private final ApplicationEventPublisher events;

    Audit(ApplicationEventPublisher events) {
        this.events = events;
    }

    /**
     * An operation, to be audited.
     *
     * @param security who does it
     * @param type what, in Spring's form, such as {@code TOPIC_DELETE}
     * @param parameters with what; those that were not given are null and left out
     */
    record Operation(SecurityContext security, String type, Map<String, @Nullable Object> parameters) {
        static Operation of(SecurityContext security, String type, @Nullable Object... namesAndValues) {
            Map<String, @Nullable Object> parameters = new TreeMap<>();
            for (int i = 0; i < namesAndValues.length; i += 2) {
                parameters.put(String.valueOf(namesAndValues[i]), namesAndValues[i + 1]);
            }
            return new Operation(security, type, parameters);
        }
    }

    /** Does it and tells. What the work throws at once counts as its outcome, too. */
    <T> Mono<T> of(Operation operation, Supplier<Mono<T>> work) {
        return Mono.defer(work)
                .doOnSuccess(done -> tell(operation, "done", String.valueOf(done)))
                .doOnError(failure -> tell(operation, "refused", reason(failure)));
    }

    private void tell(Operation operation, String outcome, String detail) {
        Principal principal = operation.security().getPrincipal();
        String name = principal == null ? NOBODY : principal.getName();
        Map<String, @Nullable Object> data = new LinkedHashMap<>();
        operation.parameters().forEach((parameter, value) -> {
            if (value != null) {
                data.put(parameter, value);
            }
        });
        LOG.info(
                "audit: principal={} operation={} parameters={} outcome={} detail={}",
                name,
                operation.type(),
                data,
                outcome,
                detail);
        data.put("outcome", outcome);
        data.put("detail", detail);
        events.publishEvent(new AuditApplicationEvent(new AuditEvent(name, operation.type(), data)));
    }

    private static String reason(Throwable failure) {
        return failure instanceof ResponseStatusException refusal
                ? String.valueOf(refusal.getReason())
                : failure.toString();
    }
}
