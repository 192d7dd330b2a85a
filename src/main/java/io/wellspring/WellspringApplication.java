package io.wellspring;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.autoconfigure.aop.AopAutoConfiguration;
import org.springframework.boot.autoconfigure.context.MessageSourceAutoConfiguration;
import org.springframework.boot.autoconfigure.task.TaskExecutionAutoConfiguration;
import org.springframework.boot.autoconfigure.task.TaskSchedulingAutoConfiguration;
import org.springframework.boot.health.autoconfigure.application.DiskSpaceHealthContributorAutoConfiguration;
import org.springframework.boot.health.autoconfigure.application.SslHealthContributorAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAspectsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.ssl.SslMetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.startup.StartupTimeMetricsListenerAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.task.TaskExecutorMetricsAutoConfiguration;
import org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration;
import org.springframework.boot.micrometer.observation.autoconfigure.ScheduledTasksObservationAutoConfiguration;
import org.springframework.boot.webflux.autoconfigure.ReactiveMultipartAutoConfiguration;
import org.springframework.boot.webflux.autoconfigure.WebFluxObservationAutoConfiguration;
import org.springframework.boot.webflux.autoconfigure.WebSessionIdResolverAutoConfiguration;

/**
 * Starts the broker: one Spring Boot application. What is excluded is never used here and would only cost time at the start; the
 * health of log directories has its own indicator, and the
 * management endpoints their own place.
 */
@SpringBootApplication(
        proxyBeanMethods = false,
        exclude = {
            AopAutoConfiguration.class,
            DiskSpaceHealthContributorAutoConfiguration.class,
            MessageSourceAutoConfiguration.class,
            MetricsAspectsAutoConfiguration.class,
            ObservationAutoConfiguration.class,
            ReactiveMultipartAutoConfiguration.class,
            ScheduledTasksObservationAutoConfiguration.class,
            SslHealthContributorAutoConfiguration.class,
            SslMetricsAutoConfiguration.class,
            StartupTimeMetricsListenerAutoConfiguration.class,
            TaskExecutionAutoConfiguration.class,
            TaskExecutorMetricsAutoConfiguration.class,
            TaskSchedulingAutoConfiguration.class,
            WebFluxObservationAutoConfiguration.class,
            WebSessionIdResolverAutoConfiguration.class
        },
        // By name: the Actuator's classes are known in management only.
        excludeName = "org.springframework.boot.actuate.autoconfigure.web.server.ManagementContextAutoConfiguration")
public class WellspringApplication {
    /** Runs the broker until SIGTERM; a start that cannot succeed ends with code 1 and one message on standard error. */
    public static void main(String[] args) {
        SpringApplication application = new SpringApplication(WellspringApplication.class);
        application.addListeners(new CleanStop());
        application.run(args);
    }
}
