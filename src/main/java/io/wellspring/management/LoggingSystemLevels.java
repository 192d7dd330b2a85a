package io.wellspring.management;

import io.wellspring.api.topics.LoggerLevels;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggerConfiguration;
import org.springframework.boot.logging.LoggingSystem;

/** Loggers as Spring Boot's logging system knows them: the same levels that the Actuator endpoint shows and sets. Threads: any. */
final class LoggingSystemLevels implements LoggerLevels {
    private final LoggingSystem system;

    LoggingSystemLevels(LoggingSystem system) {
        this.system = system;
    }

    @Override
    public Map<String, String> levels() {
        Map<String, String> levels = new HashMap<>();
        for (LoggerConfiguration logger : system.getLoggerConfigurations()) {
            levels.put(kafkaName(logger.getName()), logger.getEffectiveLevel().name());
        }
        return levels;
    }

    @Override
    public boolean exists(String logger) {
        return logger.equals(ROOT) || (!logger.isEmpty() && system.getLoggerConfiguration(logger) != null);
    }

    @Override
    public void set(String logger, @Nullable String level) {
        system.setLogLevel(springName(logger), level == null ? null : LogLevel.valueOf(level));
    }

    private static String kafkaName(String springName) {
        return springName.equals(LoggingSystem.ROOT_LOGGER_NAME) ? ROOT : springName;
    }

    private static String springName(String kafkaName) {
        return kafkaName.equals(ROOT) ? LoggingSystem.ROOT_LOGGER_NAME : kafkaName;
    }
}
