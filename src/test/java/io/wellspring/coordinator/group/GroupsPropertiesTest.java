package io.wellspring.coordinator.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wellspring.support.StartRefusedException;
import java.util.Map;
import org.apache.kafka.coordinator.group.GroupCoordinatorConfig;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

final class GroupsPropertiesTest {
    @Test
    void defaultsAreKafkasExceptForTheSizeOfGroups() {
        GroupCoordinatorConfig ours = bind(Map.of()).libraryConfig();
        GroupCoordinatorConfig kafka = GroupCoordinatorConfig.fromProps(Map.of());

        assertThat(ours.offsetsRetentionMs()).isEqualTo(kafka.offsetsRetentionMs());
        assertThat(ours.offsetMetadataMaxSize()).isEqualTo(kafka.offsetMetadataMaxSize());
        assertThat(ours.offsetsTopicPartitions()).isEqualTo(kafka.offsetsTopicPartitions());
        assertThat(ours.offsetsTopicSegmentBytes()).isEqualTo(kafka.offsetsTopicSegmentBytes());
        assertThat(ours.classicGroupInitialRebalanceDelayMs()).isEqualTo(kafka.classicGroupInitialRebalanceDelayMs());
        assertThat(ours.classicGroupMinSessionTimeoutMs()).isEqualTo(kafka.classicGroupMinSessionTimeoutMs());
        assertThat(ours.classicGroupMaxSessionTimeoutMs()).isEqualTo(kafka.classicGroupMaxSessionTimeoutMs());
        assertThat(ours.classicGroupMaxSize()).isEqualTo(10_000);
    }

    @Test
    void kafkasFurtherSettingsAreTakenByTheirNames() {
        GroupsProperties properties =
                bind(Map.of("wellspring.groups.kafka.group.consumer.session.timeout.ms", "50000"));

        assertThat(properties.libraryConfig().consumerGroupSessionTimeoutMs()).isEqualTo(50_000);
    }

    @Test
    void namesThatKafkaDoesNotKnowAreRefused() {
        assertThatThrownBy(() -> bind(Map.of("wellspring.groups.kafka.group.consumer.sesion.timeout.ms", "50000"))
                        .libraryConfig())
                .isInstanceOf(StartRefusedException.class)
                .hasMessageContaining("group.consumer.sesion.timeout.ms");
    }

    @Test
    void namesThatHaveAPropertyOfTheirOwnAreRefusedRatherThanOverruled() {
        assertThatThrownBy(() -> bind(Map.of("wellspring.groups.kafka.group.max.size", "5"))
                        .libraryConfig())
                .isInstanceOf(StartRefusedException.class)
                .hasMessageContaining("group.max.size");
    }

    @Test
    void valuesThatDoNotFitTogetherAreRefused() {
        assertThatThrownBy(() -> bind(Map.of("wellspring.groups.kafka.group.consumer.session.timeout.ms", "1"))
                        .libraryConfig())
                .isInstanceOf(StartRefusedException.class)
                .hasMessageContaining("wellspring.groups");
        refuses("min-session-timeout", "1h");
        refuses("threads", "0");
        refuses("load-threads", "65");
        refuses("offsets-topic-partitions", "0");
        refuses("offsets-topic-segment-size", "10KB");
        refuses("offsets-retention", "10s");
        refuses("offset-metadata-max-size", "2MB");
        refuses("max-size", "0");
        refuses("lag-interval", "0s");
        refuses("lag-interval", "25h");
        refuses("initial-rebalance-delay", "60d");
    }

    private static void refuses(String name, String value) {
        assertThatThrownBy(() -> bind(Map.of("wellspring.groups." + name, value)))
                .isInstanceOf(BindException.class)
                .rootCause()
                .isInstanceOf(StartRefusedException.class)
                .hasMessageContaining("wellspring.groups." + name);
    }

    private static GroupsProperties bind(Map<String, String> values) {
        return new Binder(new MapConfigurationPropertySource(values))
                .bindOrCreate("wellspring.groups", GroupsProperties.class);
    }
}
