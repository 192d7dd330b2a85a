package io.wellspring.management;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.convert.ConversionFailedException;

/** A value that cannot be read as what its setting is: names the setting, the value, where it was set and what it may be. */
@Order(Ordered.HIGHEST_PRECEDENCE + 1)
public final class SettingValueAnalyzer extends AbstractFailureAnalyzer<BindException> {
    @Override
    protected @Nullable FailureAnalysis analyze(Throwable rootFailure, BindException cause) {
        ConfigurationProperty property = cause.getProperty();
        if (property == null) {
            return null;
        }
        String origin = property.getOrigin() == null ? "" : " (" + property.getOrigin() + ")";
        String problem = property.getName() + " is '" + property.getValue() + "'" + origin + ", which is not "
                + what(cause) + ".";
        return new FailureAnalysis(problem, remedy(cause), cause);
    }

    private static String what(BindException cause) {
        Class<?> type = type(cause);
        return switch (type.getSimpleName()) {
            case "DataSize" -> "a size";
            case "Duration" -> "a duration";
            case "int", "Integer", "long", "Long", "short", "Short" -> "a whole number";
            case "double", "Double", "float", "Float" -> "a number";
            case "boolean", "Boolean" -> "true or false";
            default -> type.isEnum() ? "one of its values" : "a value it can have";
        };
    }

    private static String remedy(BindException cause) {
        Class<?> type = type(cause);
        return switch (type.getSimpleName()) {
            case "DataSize" -> "Write a number and a unit: B, KB, MB, GB or TB, such as 64MB.";
            case "Duration" -> "Write a number and a unit: ms, s, m, h or d, such as 30s.";
            default ->
                type.isEnum()
                        ? "Set it to one of: " + values(type) + "."
                        : "Correct the value; application.yml shows every setting with its default.";
        };
    }

    private static Class<?> type(BindException cause) {
        for (Throwable at = cause; at != null; at = at.getCause()) {
            if (at instanceof ConversionFailedException failed) {
                return failed.getTargetType().getType();
            }
        }
        Class<?> target = cause.getTarget().getType().resolve();
        return target == null ? Object.class : target;
    }

    private static String values(Class<?> type) {
        Object[] constants = type.getEnumConstants();
        return Arrays.stream(constants == null ? new Object[0] : constants)
                .map(constant -> constant.toString().toLowerCase(Locale.ROOT).replace('_', '-'))
                .collect(Collectors.joining(", "));
    }
}
