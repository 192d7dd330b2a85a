package io.wellspring.management;

import java.net.URL;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.apache.commons.logging.Log;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.boot.logging.DeferredLogFactory;
import org.springframework.core.Ordered;
import org.springframework.core.SpringProperties;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.PropertySource;

/**
 * Lets a start use the beans that the build prepared, if they are the beans that these settings ask for. The build works out which beans there
 * are with the settings in the jar (Spring's processing ahead of time), which halves the work of a start; what decides at a start whether a bean is there or not has been
 * decided then. So a setting of Spring Boot that is not the jar's and may have a say in that makes the start work it all out
 * again: slower, the same otherwise. Settings that are merely read when the broker runs are named in {@link #ONLY_VALUES}; no other one
 * is trusted.
 *
 * <p>Only a jar has prepared beans: what runs from a directory of classes never meets those of an older build. The JVM's
 * {@code -Dspring.aot.enabled} overrules.
 *
 * <p>Runs after the settings files were read, so that a file, the environment and the command line all count.
 */
public final class PreparedBeansPostProcessor implements EnvironmentPostProcessor, Ordered {
    /** Spring's name of the switch. */
    static final String SWITCH = "spring.aot.enabled";

    /** Where Spring Boot's own settings are. Wellspring's say nothing about which beans there are. */
    private static final List<ConfigurationPropertyName> FRAMEWORK = names("spring", "management", "server");

    /** Settings, and all below them, that no bean's existence depends on. */
    private static final List<ConfigurationPropertyName> ONLY_VALUES = names(
            "management.server.address",
            "management.server.port",
            "server.address",
            "server.port",
            "server.ssl",
            "spring.aot.enabled",
            "spring.application",
            "spring.config",
            "spring.lifecycle",
            "spring.main.banner-mode",
            "spring.main.log-startup-info",
            "spring.output",
            "spring.ssl.bundle");

    private static final String JAR_SETTINGS = "class path resource [application.yml]";

    private final Log log;

    /** @param logs keeps what is said before logging is set up */
    public PreparedBeansPostProcessor(DeferredLogFactory logs) {
        this.log = logs.getLog(PreparedBeansPostProcessor.class);
    }

    @Override
    public int getOrder() {
        return LOWEST_PRECEDENCE;
    }

    @Override
    public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
        Class<?> main = application.getMainApplicationClass();
        if (main == null || SpringProperties.getProperty(SWITCH) != null || !hasPreparedBeans(main)) {
            return;
        }
        Optional<String> reason = reasonAgainst(environment);
        if (reason.isPresent()) {
            log.info("this start takes longer: it works out its beans anew, the build's are for other settings"
                    + " setting=" + reason.get());
        } else {
            SpringProperties.setFlag(SWITCH);
        }
    }

    private static boolean hasPreparedBeans(Class<?> main) {
        URL beans = main.getResource(main.getSimpleName() + "__ApplicationContextInitializer.class");
        return beans != null && beans.getProtocol().equals("jar");
    }

    /** The first setting that may ask for other beans than the jar's settings do. */
    static Optional<String> reasonAgainst(ConfigurableEnvironment environment) {
        if (environment.getActiveProfiles().length > 0) {
            return Optional.of("spring.profiles.active");
        }
        ConfigurationPropertySource shipped = null;
        for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
            if (isShipped(source)) {
                shipped = source;
            }
        }
        for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
            if (source instanceof IterableConfigurationPropertySource settings && !source.equals(shipped)) {
                ConfigurationPropertySource jar = shipped;
                Optional<ConfigurationPropertyName> other = settings.stream()
                        .filter(name -> isBelow(FRAMEWORK, name) && !isBelow(ONLY_VALUES, name))
                        .filter(name -> !Objects.equals(value(source, name), value(jar, name)))
                        .findFirst();
                if (other.isPresent()) {
                    return other.map(ConfigurationPropertyName::toString);
                }
            }
        }
        return Optional.empty();
    }

    private static boolean isShipped(ConfigurationPropertySource source) {
        return source.getUnderlyingSource() instanceof PropertySource<?> underlying
                && underlying.getName().contains(JAR_SETTINGS);
    }

    private static boolean isBelow(List<ConfigurationPropertyName> roots, ConfigurationPropertyName name) {
        return roots.stream().anyMatch(root -> root.equals(name) || root.isAncestorOf(name));
    }

    private static @Nullable String value(
            @Nullable ConfigurationPropertySource source, ConfigurationPropertyName name) {
        var property = source == null ? null : source.getConfigurationProperty(name);
        return property == null ? null : String.valueOf(property.getValue());
    }

    private static List<ConfigurationPropertyName> names(String... names) {
        return List.of(names).stream().map(ConfigurationPropertyName::of).toList();
    }
}
