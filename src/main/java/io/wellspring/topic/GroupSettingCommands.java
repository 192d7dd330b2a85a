package io.wellspring.topic;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What can be asked of the catalog about the settings of groups, as pure functions for {@link Topics#propose}. Settings may be given to a group that
 * is not there yet, as in Kafka. Threads: any.
 */
public final class GroupSettingCommands {
    /** Groups that may have settings of their own: anybody may name any group. */
    static final int GROUPS_MOST = 100_000;

    private final Rules rules;

    public GroupSettingCommands(Rules rules) {
        this.rules = rules;
    }

    /** Which settings groups have, and which values they take: the coordinator of groups knows. */
    public interface Rules {
        @Nullable
        SettingDefinition find(String name);

        /** What is wrong with these settings of a group, null: nothing. */
        @Nullable
        String problemWith(Map<String, String> settings);
    }

    /** Changes some settings: IncrementalAlterConfigs. */
    public Function<TopicCatalog, CatalogDecision> change(String groupId, List<SettingChange> changes) {
        return catalog -> switch (SettingChanges.apply(catalog.groupSettings(groupId), changes, rules::find)) {
            case SettingChanges.Outcome.Invalid(String message) ->
                new CatalogDecision.Refused(CatalogRefusal.INVALID_SETTING, message);
            case SettingChanges.Outcome.Changed(Map<String, @Nullable String> changed) ->
                decide(catalog, groupId, changed);
        };
    }

    /** Replaces all settings: AlterConfigs. What is not named is not set any more. */
    public Function<TopicCatalog, CatalogDecision> replace(String groupId, Map<String, String> settings) {
        return catalog -> decide(catalog, groupId, SettingChanges.replacing(catalog.groupSettings(groupId), settings));
    }

    private CatalogDecision decide(TopicCatalog catalog, String groupId, Map<String, @Nullable String> changes) {
        Map<String, String> after = TopicSettings.merge(catalog.groupSettings(groupId), changes);
        String problem = rules.problemWith(after);
        if (problem != null) {
            return new CatalogDecision.Refused(CatalogRefusal.INVALID_SETTING, problem);
        }
        if (catalog.groupSettings(groupId).isEmpty()
                && catalog.groupsWithSettings().size() >= GROUPS_MOST) {
            return new CatalogDecision.Refused(
                    CatalogRefusal.POLICY, "At most " + GROUPS_MOST + " groups may have settings of their own.");
        }
        return changes.isEmpty()
                ? new CatalogDecision.Accepted(List.of())
                : new CatalogDecision.Accepted(List.of(new CatalogEvent.GroupSettingsChanged(groupId, changes)));
    }
}
