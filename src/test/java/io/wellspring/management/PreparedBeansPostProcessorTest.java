package io.wellspring.management;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/** Beans that the build prepared are used only under settings that ask for no others. */
final class PreparedBeansPostProcessorTest {
    private static final String EXPOSED = "management.endpoints.web.exposure.include";

    private final ConfigurableEnvironment environment = new StandardEnvironment();

    PreparedBeansPostProcessorTest() {
        environment
                .getPropertySources()
                .forEach(source -> environment.getPropertySources().remove(source.getName()));
        environment
                .getPropertySources()
                .addLast(new MapPropertySource(
                        "Config resource 'class path resource [application.yml]' via location 'optional:classpath:/'",
                        Map.of(EXPOSED, "health, info", "spring.jmx.enabled", false)));
    }

    private void set(String name, Object value) {
        environment.getPropertySources().addFirst(new MapPropertySource("commandLineArgs", Map.of(name, value)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "wellspring.log.flush",
                "management.server.port",
                "management.server.address",
                "server.ssl.bundle",
                "server.ssl.key-store",
                "spring.ssl.bundle.pem.web.keystore.certificate",
                "spring.config.additional-location",
                "spring.lifecycle.timeout-per-shutdown-phase",
                "logging.level.root",
                "unrelated.setting"
            })
    void valuesThatAreMerelyReadLeaveThePreparedBeansInUse(String name) {
        set(name, "value");

        assertThat(PreparedBeansPostProcessor.reasonAgainst(environment)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "management.endpoint.loggers.access",
                "management.prometheus.metrics.export.enabled",
                "management.server.addressing",
                "server.forward-headers-strategy",
                "spring.main.lazy-initialization",
                "spring.autoconfigure.exclude[0]",
                "spring.ssl.other"
            })
    void whateverMayDecideAboutBeansMakesAStartWorkThemOutAnew(String name) {
        set(name, "value");

        assertThat(PreparedBeansPostProcessor.reasonAgainst(environment)).contains(name);
    }

    @ParameterizedTest
    @CsvSource({"'health, info', true", "'health, info, loggers', false"})
    void aSettingThatRepeatsTheJarsOwnIsNoOther(String value, boolean isTheJars) {
        set(EXPOSED, value);

        assertThat(PreparedBeansPostProcessor.reasonAgainst(environment).isEmpty())
                .isEqualTo(isTheJars);
    }

    @Test
    void environmentVariablesCount() {
        Map<String, Object> variables = new HashMap<>();
        variables.put("SPRING_JMX_ENABLED", "true");
        environment.getPropertySources().addFirst(new SystemEnvironmentPropertySource("systemEnvironment", variables));

        assertThat(PreparedBeansPostProcessor.reasonAgainst(environment)).contains("spring.jmx.enabled");
    }

    @Test
    void profilesCount() {
        environment.setActiveProfiles("other");

        assertThat(PreparedBeansPostProcessor.reasonAgainst(environment)).contains("spring.profiles.active");
    }
}
