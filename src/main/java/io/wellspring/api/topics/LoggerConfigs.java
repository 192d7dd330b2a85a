package io.wellspring.api.topics;

import io.wellspring.topic.SettingChange;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResourceResult;
import org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigSource;
import org.jspecify.annotations.Nullable;

/** The levels of the broker's loggers as settings of the resource BROKER_LOGGER (KIP-412). Not stored. Threads: any. */
final class LoggerConfigs {
    private static final Set<String> LEVELS = Set.of("FATAL", "ERROR", "WARN", "INFO", "DEBUG", "TRACE");

    private final LoggerLevels loggers;

    LoggerConfigs(LoggerLevels loggers) {
        this.loggers = loggers;
    }

    List<DescribeConfigsResourceResult> describe(DescribedConfigs.Wanted wanted) {
        List<DescribeConfigsResourceResult> results = new ArrayList<>();
        for (Map.Entry<String, String> logger : new TreeMap<>(loggers.levels()).entrySet()) {
            if (wanted.includes(logger.getKey())) {
                results.add(new DescribeConfigsResourceResult()
                        .setName(logger.getKey())
                        .setValue(logger.getValue())
                        .setReadOnly(false)
                        .setIsSensitive(false)
                        .setConfigSource(ConfigSource.DYNAMIC_BROKER_LOGGER_CONFIG.id()));
            }
        }
        return results;
    }

    /** Changes levels: all or, if one change is wrong, none. */
    Answer change(List<SettingChange> changes, boolean validateOnly) {
        for (SettingChange change : changes) {
            Answer problem = problemWith(change);
            if (problem != null) {
                return problem;
            }
        }
        if (!validateOnly) {
            changes.forEach(change -> loggers.set(
                    change.name(), change.operation() == SettingChange.Operation.SET ? change.value() : null));
        }
        return Answer.OK;
    }

    private @Nullable Answer problemWith(SettingChange change) {
        return switch (change.operation()) {
            case SET -> {
                String level = change.value();
                if (level == null || !LEVELS.contains(level)) {
                    yield Answer.invalidConfig("Cannot set the log level of " + change.name() + " to " + level
                            + " as it is not a supported log level. Valid log levels are "
                            + "FATAL, ERROR, WARN, INFO, DEBUG, TRACE");
                }
                yield problemWithName(change.name());
            }
            case DELETE ->
                change.name().equals(LoggerLevels.ROOT)
                        ? Answer.invalidRequest("Removing the log level of the root logger is not allowed")
                        : problemWithName(change.name());
            case APPEND, SUBTRACT ->
                Answer.invalidRequest(change.operation() + " operation is not allowed for the BROKER_LOGGER resource");
        };
    }

    private @Nullable Answer problemWithName(String name) {
        return loggers.exists(name) ? null : Answer.invalidConfig("Logger " + name + " does not exist!");
    }
}
