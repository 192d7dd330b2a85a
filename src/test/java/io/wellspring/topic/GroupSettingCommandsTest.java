package io.wellspring.topic;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class GroupSettingCommandsTest {
    /** One setting, and numbers for values. */
    private static final GroupSettingCommands.Rules RULES = new GroupSettingCommands.Rules() {
        @Override
        public @Nullable SettingDefinition find(String name) {
            return null;
        }

        @Override
        public @Nullable String problemWith(Map<String, String> settings) {
            return settings.values().stream().allMatch(value -> value.matches("\\d+")) ? null : "no number";
        }
    };

    private final GroupSettingCommands commands = new GroupSettingCommands(RULES);

    @Test
    void replacingSetsWhatIsNamedAndTakesBackTheRest() {
        TopicCatalog catalog = with(TopicCatalog.EMPTY, "readers", Map.of("a", "1", "b", "2"));

        CatalogDecision decision = commands.replace("readers", Map.of("b", "3")).apply(catalog);

        assertThat(after(catalog, decision).groupSettings("readers")).isEqualTo(Map.of("b", "3"));
    }

    @Test
    void groupThatLosesItsLastSettingHasNone() {
        TopicCatalog catalog = with(TopicCatalog.EMPTY, "readers", Map.of("a", "1"));

        TopicCatalog after =
                after(catalog, commands.replace("readers", Map.of()).apply(catalog));

        assertThat(after.groupSettings("readers")).isEmpty();
        assertThat(after.groupsWithSettings()).isEmpty();
    }

    @Test
    void badValuesAreRefused() {
        assertThat(commands.replace("readers", Map.of("a", "soon")).apply(TopicCatalog.EMPTY))
                .isEqualTo(new CatalogDecision.Refused(CatalogRefusal.INVALID_SETTING, "no number"));
    }

    @Test
    void noMoreGroupsHaveSettingsThanTheLimitAndThoseThatHaveMayChangeThem() {
        List<CatalogEvent> events = new ArrayList<>();
        for (int i = 0; i < GroupSettingCommands.GROUPS_MOST; i++) {
            events.add(new CatalogEvent.GroupSettingsChanged("group-" + i, Map.of("a", "1")));
        }
        TopicCatalog full = TopicCatalog.EMPTY.apply(events);

        assertThat(commands.replace("one-more", Map.of("a", "1")).apply(full))
                .isInstanceOfSatisfying(
                        CatalogDecision.Refused.class,
                        refused -> assertThat(refused.reason()).isEqualTo(CatalogRefusal.POLICY));
        assertThat(after(full, commands.replace("group-7", Map.of("a", "2")).apply(full))
                        .groupSettings("group-7"))
                .isEqualTo(Map.of("a", "2"));
        TopicCatalog room = after(full, commands.replace("group-7", Map.of()).apply(full));
        assertThat(commands.replace("one-more", Map.of("a", "1")).apply(room))
                .isInstanceOf(CatalogDecision.Accepted.class);
    }

    private static TopicCatalog with(TopicCatalog catalog, String group, Map<String, String> settings) {
        Map<String, @Nullable String> changes = new HashMap<>(settings);
        return catalog.apply(List.of(new CatalogEvent.GroupSettingsChanged(group, changes)));
    }

    private static TopicCatalog after(TopicCatalog catalog, CatalogDecision decision) {
        return switch (decision) {
            case CatalogDecision.Accepted accepted -> catalog.apply(accepted.events());
            case CatalogDecision.Refused refused -> throw new AssertionError("refused: " + refused);
        };
    }
}
