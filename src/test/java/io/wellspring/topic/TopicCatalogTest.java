package io.wellspring.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wellspring.model.SettingOrigin;
import io.wellspring.model.SettingSource;
import io.wellspring.model.TopicId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class TopicCatalogTest {
    private static final TopicId ID = new TopicId(1, 2);
    private static final TopicId OTHER_ID = new TopicId(3, 4);

    private static final List<CatalogEvent> LIFE = List.of(
            new CatalogEvent.TopicCreated("b", ID, 2, Map.of("retention.ms", "1000")),
            new CatalogEvent.TopicCreated("a", OTHER_ID, 1, Map.of()),
            new CatalogEvent.PartitionsAdded("b", ID, 5),
            new CatalogEvent.TopicSettingsChanged("b", ID, change("retention.ms", null)),
            new CatalogEvent.TopicSettingsChanged("b", ID, change("flush.ms", "7")),
            new CatalogEvent.BrokerSettingsChanged("", change("log.retention.ms", "50")),
            new CatalogEvent.ProducerIdsReserved(2000),
            new CatalogEvent.TopicDeleted("a", OTHER_ID));

    @Test
    void eventsMakeTheCatalog() {
        TopicCatalog catalog = TopicCatalog.EMPTY.apply(LIFE);

        Topic topic = found(catalog, "b");
        assertThat(catalog.all()).containsExactly(topic);
        assertThat(catalog.find(ID)).isSameAs(topic);
        assertThat(topic.partitionCount()).isEqualTo(5);
        assertThat(topic.settings().overrides()).isEqualTo(Map.of("flush.ms", "7"));
        assertThat(topic.settings().logSettings().retentionMs()).isEqualTo(50);
        assertThat(catalog.partitionCount()).isEqualTo(5);
        assertThat(catalog.nextProducerId()).isEqualTo(2000);
        assertThat(catalog.find("a")).isNull();
        assertThat(catalog.wasDeleted(OTHER_ID)).isTrue();
        assertThat(catalog.wasDeleted(ID)).isFalse();
        assertThat(TopicCatalog.EMPTY.all()).isEmpty();
    }

    @Test
    void replayThatBeginsTooEarlyEndsInTheSameCatalog() {
        TopicCatalog once = TopicCatalog.EMPTY.apply(LIFE);
        for (int from = 0; from < LIFE.size(); from++) {
            TopicCatalog again = once.apply(LIFE.subList(from, LIFE.size()));

            assertThat(again.all().stream().map(Topic::name)).containsExactly("b");
            assertThat(found(again, "b").partitionCount()).isEqualTo(5);
            assertThat(found(again, "b").settings().overrides()).isEqualTo(Map.of("flush.ms", "7"));
            assertThat(again.brokerSettings("")).isEqualTo(once.brokerSettings(""));
            assertThat(again.nextProducerId()).isEqualTo(2000);
        }
    }

    @Test
    void oneEventAtATimeOrAllTogetherIsTheSame() {
        TopicCatalog stepwise = TopicCatalog.EMPTY;
        for (CatalogEvent event : LIFE) {
            stepwise = stepwise.apply(List.of(event));
        }

        assertThat(found(stepwise, "b").settings().overrides())
                .isEqualTo(found(TopicCatalog.EMPTY.apply(LIFE), "b").settings().overrides());
        assertThat(stepwise.wasDeleted(OTHER_ID)).isTrue();
    }

    @Test
    void eventsThatCannotFollowAreDamage() {
        TopicCatalog catalog = TopicCatalog.EMPTY.apply(List.of(new CatalogEvent.TopicCreated("b", ID, 2, Map.of())));

        for (CatalogEvent event : List.of(
                new CatalogEvent.TopicCreated("b", OTHER_ID, 1, Map.of()),
                new CatalogEvent.TopicDeleted("x", OTHER_ID),
                new CatalogEvent.PartitionsAdded("x", OTHER_ID, 3),
                new CatalogEvent.TopicSettingsChanged("x", OTHER_ID, Map.of()))) {
            assertThatThrownBy(() -> catalog.apply(List.of(event))).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void everyDeletedTopicIsRememberedByEverySnapshotAfterIt() {
        TopicCatalog catalog = TopicCatalog.EMPTY;
        List<TopicCatalog> snapshots = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            TopicId id = new TopicId(7, i);
            catalog = catalog.apply(List.of(
                    new CatalogEvent.TopicCreated("t", id, 1, Map.of()), new CatalogEvent.TopicDeleted("t", id)));
            snapshots.add(catalog);
        }
        for (int snapshot = 0; snapshot < snapshots.size(); snapshot++) {
            for (int i = 0; i < snapshots.size(); i++) {
                assertThat(snapshots.get(snapshot).wasDeleted(new TopicId(7, i)))
                        .isEqualTo(i <= snapshot);
            }
        }
    }

    @Test
    void topicWinsOverBrokerWinsOverAllBrokersWinsOverConfigurationWinsOverKafka() {
        TopicCatalog catalog = TopicCatalog.empty(TopicDefaults.of("1", Map.of("log.retention.ms", "400")))
                .apply(List.of(
                        new CatalogEvent.TopicCreated("a", ID, 1, Map.of("retention.ms", "100")),
                        new CatalogEvent.BrokerSettingsChanged("", change("log.retention.ms", "300")),
                        new CatalogEvent.BrokerSettingsChanged("1", change("log.retention.ms", "200")),
                        new CatalogEvent.BrokerSettingsChanged("2", change("log.retention.ms", "250"))));

        assertThat(found(catalog, "a").settings().origins(TopicSetting.RETENTION_MS))
                .containsExactly(
                        new SettingOrigin("retention.ms", "100", SettingSource.DYNAMIC_TOPIC),
                        new SettingOrigin("log.retention.ms", "200", SettingSource.DYNAMIC_BROKER),
                        new SettingOrigin("log.retention.ms", "300", SettingSource.DYNAMIC_DEFAULT_BROKER),
                        new SettingOrigin("log.retention.ms", "400", SettingSource.STATIC_BROKER),
                        new SettingOrigin("log.retention.hours", "168", SettingSource.DEFAULT));

        List<CatalogEvent> takenAway = List.of(
                new CatalogEvent.TopicSettingsChanged("a", ID, change("retention.ms", null)),
                new CatalogEvent.BrokerSettingsChanged("1", change("log.retention.ms", null)),
                new CatalogEvent.BrokerSettingsChanged("", change("log.retention.ms", null)));
        List<Long> effective = new ArrayList<>();
        for (CatalogEvent event : takenAway) {
            effective.add(found(catalog, "a").settings().logSettings().retentionMs());
            catalog = catalog.apply(List.of(event));
        }
        effective.add(found(catalog, "a").settings().logSettings().retentionMs());
        assertThat(effective).containsExactly(100L, 200L, 300L, 400L);
        assertThat(catalog.brokersWithSettings()).containsExactly("2");
    }

    private static Topic found(TopicCatalog catalog, String name) {
        return Objects.requireNonNull(catalog.find(name));
    }

    private static Map<String, @Nullable String> change(String name, @Nullable String value) {
        Map<String, @Nullable String> change = new HashMap<>();
        change.put(name, value);
        return change;
    }
}
