package io.wellspring.topic;

import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What can be asked of the catalog about dynamic settings of brokers, as pure functions for {@link Topics#propose}. Dynamic
 * are the defaults of topics ({@code log.retention.ms} and the like), for one broker or, under the empty name, for all.
 * Threads: any.
 */
public final class BrokerSettingCommands {
    private BrokerSettingCommands() {}

    /** True if a broker setting can be changed while the broker runs. */
    public static boolean isDynamic(String name) {
        return TopicSetting.findByBrokerName(name) != null;
    }

    /** Changes some settings: IncrementalAlterConfigs. */
    public static Function<TopicCatalog, CatalogDecision> change(String nodeId, List<SettingChange> changes) {
        return catalog -> {
            CatalogDecision.Refused refused =
                    checkNames(changes.stream().map(SettingChange::name).toList());
            if (refused != null) {
                return refused;
            }
            Map<String, String> current = catalog.brokerSettings(nodeId);
            return switch (SettingChanges.apply(current, changes, TopicSetting::findByBrokerName)) {
                case SettingChanges.Outcome.Invalid(String message) ->
                    new CatalogDecision.Refused(CatalogRefusal.INVALID_SETTING, message);
                case SettingChanges.Outcome.Changed(Map<String, @Nullable String> changed) ->
                    decide(catalog, nodeId, changed);
            };
        };
    }

    /** Replaces all settings: AlterConfigs. What is not named is not set any more. */
    public static Function<TopicCatalog, CatalogDecision> replace(String nodeId, Map<String, String> settings) {
        return catalog -> {
            CatalogDecision.Refused refused = checkNames(settings.keySet());
            return refused != null
                    ? refused
                    : decide(catalog, nodeId, SettingChanges.replacing(catalog.brokerSettings(nodeId), settings));
        };
    }

    private static CatalogDecision.@Nullable Refused checkNames(Iterable<String> names) {
        TreeSet<String> others = new TreeSet<>();
        for (String name : names) {
            if (!isDynamic(name)) {
                others.add(SettingChecks.abbreviated(name));
            }
        }
        return others.isEmpty()
                ? null
                : new CatalogDecision.Refused(
                        CatalogRefusal.INVALID_REQUEST, "Cannot update these configs dynamically: " + others);
    }

    private static CatalogDecision decide(TopicCatalog catalog, String nodeId, Map<String, @Nullable String> changes) {
        if (changes.isEmpty()) {
            return new CatalogDecision.Accepted(List.of());
        }
        CatalogEvent event = new CatalogEvent.BrokerSettingsChanged(nodeId, changes);
        Map<String, String> after = TopicSettings.merge(catalog.brokerSettings(nodeId), changes);
        // Settings for all brokers are checked over this broker's configuration: the only one that is known here.
        TopicDefaults defaultsAfter = nodeId.isEmpty()
                ? catalog.defaults()
                        .withDynamic(
                                after, catalog.brokerSettings(catalog.defaults().nodeId()))
                : catalog.defaults().withDynamic(catalog.brokerSettings(""), after);
        String problem = SettingChecks.problemWithBroker(after, defaultsAfter);
        // INVALID_REQUEST, not INVALID_CONFIG: Kafka answers so for brokers and clients rely on it (KAFKA-13609).
        return problem == null
                ? new CatalogDecision.Accepted(List.of(event))
                : new CatalogDecision.Refused(CatalogRefusal.INVALID_REQUEST, problem);
    }
}
