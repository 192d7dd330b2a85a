package io.wellspring.management;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.yaml.snakeyaml.error.YAMLException;

/** A settings file that is not YAML. */
@Order(Ordered.HIGHEST_PRECEDENCE + 2)
public final class SettingsFileAnalyzer extends AbstractFailureAnalyzer<YAMLException> {
    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, YAMLException cause) {
        return new FailureAnalysis(
                "a settings file (application.yml) cannot be read: " + cause.getMessage(),
                "Correct the file at the place that the message shows.",
                cause);
    }
}
