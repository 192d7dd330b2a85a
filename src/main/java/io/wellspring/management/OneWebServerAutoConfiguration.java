package io.wellspring.management;

import org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.health.autoconfigure.actuate.endpoint.HealthEndpointAutoConfiguration;
import org.springframework.boot.webflux.autoconfigure.WebFluxAutoConfiguration;
import org.springframework.boot.webflux.autoconfigure.actuate.web.WebFluxEndpointManagementContextConfiguration;
import org.springframework.context.annotation.Import;

/**
 * Puts the Actuator's endpoints into the application's own web server. Takes the place of Spring Boot's
 * {@code ManagementContextAutoConfiguration}, which refuses {@code management.server.address} there; see
 * {@link OneWebServerPostProcessor}. An auto-configuration, because its conditions look for beans that others bring.
 */
@AutoConfiguration(
        after = {
            WebEndpointAutoConfiguration.class,
            HealthEndpointAutoConfiguration.class,
            WebFluxAutoConfiguration.class
        })
@Import(WebFluxEndpointManagementContextConfiguration.class)
public final class OneWebServerAutoConfiguration {}
