package io.wellspring.log;

import io.wellspring.model.BrokerSetting;
import io.wellspring.model.BrokerSettingSource;
import io.wellspring.model.SettingType;
import java.util.List;

/** What Kafka calls the broker's settings about compaction, beside the defaults of topics. Threads: any. */
final class CleanerBrokerSettings implements BrokerSettingSource {
    private static final String UNBOUNDED = Double.toString(Double.MAX_VALUE);

    private final List<BrokerSetting> settings;

    CleanerBrokerSettings(CleanerProperties cleaner) {
        settings = List.of(
                new BrokerSetting(
                        "log.cleaner.enable",
                        SettingType.BOOLEAN,
                        Boolean.toString(cleaner.enabled()),
                        "true",
                        "Whether logs are compacted: wellspring.log.cleaner.enabled."),
                new BrokerSetting(
                        "log.cleaner.threads",
                        SettingType.INT,
                        Integer.toString(cleaner.threads()),
                        "1",
                        "Logs compacted at a time: wellspring.log.cleaner.threads."),
                new BrokerSetting(
                        "log.cleaner.dedupe.buffer.size",
                        SettingType.LONG,
                        Long.toString(cleaner.memoryBytes()),
                        "134217728",
                        "Memory for the keys of compaction: wellspring.log.cleaner.memory."),
                new BrokerSetting(
                        "log.cleaner.io.max.bytes.per.second",
                        SettingType.DOUBLE,
                        cleaner.bytesPerSecond() == 0 ? UNBOUNDED : Double.toString((double) cleaner.bytesPerSecond()),
                        UNBOUNDED,
                        "How fast compaction reads and writes: wellspring.log.cleaner.rate."),
                new BrokerSetting(
                        "log.cleaner.backoff.ms",
                        SettingType.LONG,
                        Long.toString(cleaner.backoff().toMillis()),
                        "15000",
                        "How long compaction rests when no log is due: wellspring.log.cleaner.backoff."));
    }

    @Override
    public List<BrokerSetting> brokerSettings() {
        return settings;
    }
}
