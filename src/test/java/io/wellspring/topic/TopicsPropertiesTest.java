package io.wellspring.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wellspring.support.StartRefusedException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

final class TopicsPropertiesTest {
    @Test
    void nothingSetIsKafkasWay() {
        TopicsProperties properties = bind(Map.of());

        assertThat(properties).isEqualTo(new TopicsProperties(true, true, 1, 10_000, 100_000, Map.of()));
        assertThat(properties.limits()).isEqualTo(new TopicLimits(1, 10_000, 100_000));
    }

    @Test
    void emptyMapInTheFileIsNoDefaults() {
        // What Spring makes of "defaults: {}" in YAML.
        assertThat(bind(Map.of("wellspring.topics.defaults", "")).defaults()).isEmpty();
    }

    @Test
    void defaultsStandUnderTheNamesOfTopicSettings() {
        TopicsProperties properties = bind(Map.of("wellspring.topics.defaults.retention.ms", "5"));

        assertThat(properties.configured()).isEqualTo(Map.of("log.retention.ms", "5"));
    }

    @ParameterizedTest
    @CsvSource({
        "default-partitions, 0",
        "default-partitions, 10001",
        "max-partitions-per-topic, 0",
        "max-partitions-per-topic, 100001",
        "max-partitions, 0",
        "defaults.retention.ms, soon",
        "defaults.retention.hours, 1",
        "defaults.remote.storage.enable, true",
        "defaults.min.compaction.lag.ms, 9223372036854775808"
    })
    void valueThatCannotBeIsRefusedByName(String property, String value) {
        assertThatThrownBy(() -> bind(Map.of("wellspring.topics." + property, value)))
                .rootCause()
                .isInstanceOf(StartRefusedException.class)
                .hasMessageContaining("wellspring.topics.")
                .hasMessageContaining(value);
    }

    private static TopicsProperties bind(Map<String, String> properties) {
        return new Binder(new MapConfigurationPropertySource(properties))
                .bindOrCreate("wellspring.topics", TopicsProperties.class);
    }
}
