package io.wellspring.management;

import io.wellspring.support.StartRefusedException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/**
 * Lets the application's one web server be the management server. As long as there is no HTTP on a port of its own (the
 * console), two web servers and two application contexts would be started for nothing: Spring Boot makes a second one
 * whenever {@code management.server.port} is set to something else than {@code server.port}, and takes every 0 for
 * something else. So {@code management.server.port} and {@code .address} become {@code server.port} and {@code .address},
 * and the former is empty from here on, which Boot reads as "the same server".
 *
 * <p>Runs after the settings files were read, so that a file, the environment and the command line all count.
 */
public final class OneWebServerPostProcessor implements EnvironmentPostProcessor, Ordered {
    private static final String PORT = "management.server.port";
    private static final String ADDRESS = "management.server.address";
    private static final int LARGEST_PORT = 65535;

    @Override
    public int getOrder() {
        return LOWEST_PRECEDENCE;
    }

    @Override
    public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
        String port = environment.getProperty(PORT, "").strip();
        String address = environment.getProperty(ADDRESS, "").strip();
        requirePort(port);
        environment
                .getPropertySources()
                .addFirst(new MapPropertySource(
                        "oneWebServer", Map.of("server.port", port, "server.address", address, PORT, "")));
    }

    private static void requirePort(String port) {
        try {
            int number = Integer.parseInt(port);
            if (number >= 0 && number <= LARGEST_PORT) {
                return;
            }
        } catch (NumberFormatException e) {
            throw refusal(port, e);
        }
        throw refusal(port, null);
    }

    private static StartRefusedException refusal(String port, @Nullable Throwable cause) {
        return new StartRefusedException(
                PORT + " is '" + port + "', which is not a port.",
                "Set it to 0 (any free port) to " + LARGEST_PORT + "; the default is 8081.",
                cause);
    }
}
