package io.wellspring.log;

import io.wellspring.model.BrokerSetting;
import io.wellspring.model.BrokerSettingSource;
import io.wellspring.model.SettingType;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/** What Kafka calls the broker's settings about logs, beside the defaults of topics. Threads: any. */
final class LogBrokerSettings implements BrokerSettingSource {
    private static final String KAFKA_LOG_DIRECTORY = "/tmp/kafka-logs";

    private final List<BrokerSetting> settings;

    LogBrokerSettings(LogProperties properties) {
        String directories = properties.directories().stream()
                .map(directory ->
                        Path.of(directory).toAbsolutePath().normalize().toString())
                .collect(Collectors.joining(","));
        settings = List.of(
                new BrokerSetting(
                        "log.dirs",
                        SettingType.LIST,
                        directories,
                        null,
                        "Where the logs lie: wellspring.log.directories."),
                new BrokerSetting(
                        "log.dir",
                        SettingType.LIST,
                        directories,
                        KAFKA_LOG_DIRECTORY,
                        "Where the logs lie, under the older name: wellspring.log.directories."),
                new BrokerSetting(
                        "log.retention.check.interval.ms",
                        SettingType.LONG,
                        millis(properties.retentionCheckInterval()),
                        "300000",
                        "How often retention is applied: wellspring.log.retention-check-interval."),
                new BrokerSetting(
                        "log.flush.offset.checkpoint.interval.ms",
                        SettingType.INT,
                        millis(properties.durableMarkInterval()),
                        "60000",
                        "How often, at most, durable marks are written: wellspring.log.durable-mark-interval."),
                new BrokerSetting(
                        "num.recovery.threads.per.data.dir",
                        SettingType.INT,
                        Integer.toString(properties.recoveryThreadsPerDirectory()),
                        "2",
                        "Logs recovered at a time: wellspring.log.recovery-threads-per-directory."));
    }

    private static String millis(Duration duration) {
        return Long.toString(duration.toMillis());
    }

    @Override
    public List<BrokerSetting> brokerSettings() {
        return settings;
    }
}
