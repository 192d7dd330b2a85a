package io.wellspring.management;

import io.wellspring.support.StartRefusedException;
import java.util.Optional;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.env.Environment;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;

/**
 * Refuses a start with a setting below {@code wellspring.} that does not exist: a mistyped name would silently leave the
 * default in force. Looks before any bean is made, so nothing was opened or written.
 *
 * <p>Environment variables are left out: Kubernetes puts {@code WELLSPRING_SERVICE_HOST} and the like there for a service
 * of that name.
 */
final class UnknownSettingsCheck implements BeanFactoryPostProcessor {
    private static final ConfigurationPropertyName OURS = ConfigurationPropertyName.of("wellspring");

    private final Environment environment;

    UnknownSettingsCheck(Environment environment) {
        this.environment = environment;
    }

    @Override
    public void postProcessBeanFactory(ConfigurableListableBeanFactory beanFactory) {
        KnownSettings known = knownSettings(beanFactory);
        for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
            if (source instanceof IterableConfigurationPropertySource names && !isSystemEnvironment(source)) {
                Optional<ConfigurationPropertyName> unknown = names.stream()
                        .filter(OURS::isAncestorOf)
                        .filter(name -> !known.contains(name))
                        .findFirst();
                if (unknown.isPresent()) {
                    throw refusal(unknown.get(), source, known);
                }
            }
        }
    }

    private static KnownSettings knownSettings(ConfigurableListableBeanFactory beanFactory) {
        KnownSettings known = new KnownSettings();
        // Named by their prefix: to look for the annotation on every bean would read them all at each start.
        for (String bean : beanFactory.getBeanDefinitionNames()) {
            Class<?> type = bean.startsWith(OURS + ".") ? beanFactory.getType(bean, false) : null;
            ConfigurationProperties annotation = type == null
                    ? null
                    : AnnotatedElementUtils.findMergedAnnotation(type, ConfigurationProperties.class);
            if (type != null && annotation != null) {
                known.add(annotation.prefix(), type);
            }
        }
        return known;
    }

    private static boolean isSystemEnvironment(ConfigurationPropertySource source) {
        return source.getUnderlyingSource() instanceof PropertySource<?> underlying
                && underlying.getName().contains(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME);
    }

    private static StartRefusedException refusal(
            ConfigurationPropertyName name, ConfigurationPropertySource source, KnownSettings known) {
        var property = source.getConfigurationProperty(name);
        String origin = property == null || property.getOrigin() == null ? "" : " (" + property.getOrigin() + ")";
        String nearest = known.nearest(name);
        return new StartRefusedException(
                name + origin + " is not a setting of Wellspring.",
                nearest == null
                        ? "Take it out; application.yml lists every setting."
                        : "Did you mean " + nearest + "? application.yml lists every setting.");
    }
}
