package io.wellspring.topic;

import static org.assertj.core.api.Assertions.assertThat;

import io.wellspring.log.LogSettings;
import io.wellspring.model.CompressionType;
import io.wellspring.model.TimestampType;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TopicSettingsTest {
    @Test
    void defaultsAreKafkas() {
        TopicSettings settings = TopicSettings.DEFAULTS;

        assertThat(settings.logSettings()).isEqualTo(LogSettings.DEFAULTS);
        assertThat(settings.timestampType()).isEqualTo(TimestampType.CREATE_TIME);
        assertThat(settings.timestampBeforeMaxMs()).isEqualTo(Long.MAX_VALUE);
        assertThat(settings.timestampAfterMaxMs()).isEqualTo(3_600_000);
        assertThat(settings.maxMessageBytes()).isEqualTo(1_048_588);
        assertThat(settings.maxDecompressedBytes()).isEqualTo(2_147_483_639);
        assertThat(settings.compression()).isNull();
        assertThat(settings.compressionLevel(CompressionType.GZIP)).isEqualTo(-1);
        assertThat(settings.compressionLevel(CompressionType.LZ4)).isEqualTo(9);
        assertThat(settings.compressionLevel(CompressionType.ZSTD)).isEqualTo(3);
        assertThat(settings.minInsyncReplicas()).isEqualTo(1);
        assertThat(settings.isCompacted()).isFalse();
        for (TopicSetting setting : TopicSetting.values()) {
            assertThat(settings.text(setting)).as(setting.settingName()).isEqualTo(setting.defaultValue());
        }
    }

    @Test
    void overridesReachTheTypedValues() {
        TopicSettings settings = TopicSettings.of(Map.ofEntries(
                Map.entry("segment.bytes", "2097152"),
                Map.entry("segment.ms", "1"),
                Map.entry("segment.jitter.ms", "2"),
                Map.entry("segment.index.bytes", "16"),
                Map.entry("index.interval.bytes", "3"),
                Map.entry("retention.bytes", "4"),
                Map.entry("retention.ms", "5"),
                Map.entry("file.delete.delay.ms", "6"),
                Map.entry("flush.messages", "7"),
                Map.entry("flush.ms", "8"),
                Map.entry("cleanup.policy", "compact"),
                Map.entry("preallocate", "true"),
                Map.entry("message.timestamp.type", "LogAppendTime")));

        assertThat(settings.logSettings())
                .isEqualTo(new LogSettings(2_097_152, 1, 2, 16, 3, 4, 5, 6, 7, 8, false, true, true));
        assertThat(settings.timestampType()).isEqualTo(TimestampType.LOG_APPEND_TIME);
        assertThat(settings.isCompacted()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"uncompressed,NONE", "gzip,GZIP", "snappy,SNAPPY", "lz4,LZ4", "zstd,ZSTD"})
    void codecIsTheNamedOne(String value, CompressionType codec) {
        assertThat(TopicSettings.of(Map.of("compression.type", value)).compression())
                .isEqualTo(codec);
    }

    @Test
    void overrideOfAnotherVersionIsKeptAndCountsAsNotSet() {
        Map<String, String> stored = Map.of("retention.ms", "forever", "retention.moons", "3");
        TopicSettings settings = TopicSettings.of(stored);

        assertThat(settings.overrides()).isEqualTo(stored);
        assertThat(settings.logSettings()).isEqualTo(LogSettings.DEFAULTS);
        assertThat(settings.with(Map.of("flush.ms", "1")).overrides()).containsAllEntriesOf(stored);
    }

    @Test
    void hoursCountIfNothingStrongerIsSet() {
        TopicDefaults hours = TopicDefaults.of("1", Map.of("log.retention.hours", "2"));
        TopicDefaults minutes = TopicDefaults.of("1", Map.of("log.retention.hours", "2", "log.retention.minutes", "3"));
        TopicDefaults unlimited = TopicDefaults.of("1", Map.of("log.retention.hours", "-1"));

        assertThat(TopicSettings.of(Map.of(), hours).logSettings().retentionMs())
                .isEqualTo(7_200_000);
        assertThat(TopicSettings.of(Map.of(), minutes).logSettings().retentionMs())
                .isEqualTo(180_000);
        assertThat(TopicSettings.of(Map.of(), unlimited).logSettings().retentionMs())
                .isEqualTo(-1);
    }
}
