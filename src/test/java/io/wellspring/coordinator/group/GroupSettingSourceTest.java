package io.wellspring.coordinator.group;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.wellspring.coordinator.group.GroupSettingSource.GroupSetting;
import io.wellspring.model.SettingOrigin;
import io.wellspring.model.SettingSource;
import io.wellspring.model.SettingType;
import java.util.Map;
import org.apache.kafka.coordinator.group.GroupConfig;
import org.apache.kafka.coordinator.group.GroupCoordinatorConfig;
import org.apache.kafka.coordinator.group.modern.share.ShareGroupConfig;
import org.junit.jupiter.api.Test;

final class GroupSettingSourceTest {
    private static final String TIMEOUT = "consumer.session.timeout.ms";
    private static final String BROKER_TIMEOUT = "group.consumer.session.timeout.ms";

    private final GroupSettingSource defaults = GroupSettingSource.ofDefaults();

    @Test
    void everySettingOfTheLibraryIsShownOnceInOrder() {
        assertThat(defaults.settings(Map.of()).stream().map(GroupSetting::name))
                .isSorted()
                .doesNotHaveDuplicates()
                .containsExactlyInAnyOrderElementsOf(GroupConfig.CONFIG_DEF.configKeys().values().stream()
                        .filter(key -> !key.internalConfig)
                        .map(key -> key.name)
                        .toList());
    }

    @Test
    void defaultIsThatOfTheBroker() {
        GroupSetting setting = find(defaults, Map.of(), TIMEOUT);

        assertThat(setting.value()).isEqualTo("45000");
        assertThat(setting.type()).isEqualTo(SettingType.INT);
        assertThat(setting.documentation()).isNotBlank();
        assertThat(setting.origins()).containsExactly(origin(BROKER_TIMEOUT, "45000", SettingSource.DEFAULT));
    }

    @Test
    void whatTheBrokerHasNoNameForHasItsOwnDefault() {
        GroupSetting setting = find(defaults, Map.of(), "share.auto.offset.reset");

        assertThat(setting.value()).isEqualTo("latest");
        assertThat(setting.origins())
                .containsExactly(origin("share.auto.offset.reset", "latest", SettingSource.DEFAULT));
    }

    @Test
    void groupsOwnGoesBeforeTheBrokersAndThatBeforeTheDefault() {
        GroupSettingSource source = configured("50000");

        assertThat(find(source, Map.of(), TIMEOUT).value()).isEqualTo("50000");
        GroupSetting setting = find(source, Map.of(TIMEOUT, "55000"), TIMEOUT);
        assertThat(setting.value()).isEqualTo("55000");
        assertThat(setting.origins())
                .containsExactly(
                        origin(TIMEOUT, "55000", SettingSource.DYNAMIC_GROUP),
                        origin(BROKER_TIMEOUT, "50000", SettingSource.STATIC_BROKER),
                        origin(BROKER_TIMEOUT, "45000", SettingSource.DEFAULT));
    }

    @Test
    void brokersSettingAtItsDefaultIsNoSettingOfTheBroker() {
        assertThat(find(configured("45000"), Map.of(), TIMEOUT).origins())
                .containsExactly(origin(BROKER_TIMEOUT, "45000", SettingSource.DEFAULT));
    }

    @Test
    void valuesOutsideTheBrokersBoundsAndUnknownNamesAreProblems() {
        assertThat(defaults.problemWith(Map.of(TIMEOUT, "50000"))).isNull();
        assertThat(defaults.problemWith(Map.of(TIMEOUT, "1"))).contains(TIMEOUT);
        assertThat(defaults.problemWith(Map.of(TIMEOUT, "soon"))).contains(TIMEOUT);
        assertThat(defaults.problemWith(Map.of("no.such.setting", "1"))).contains("no.such.setting");
    }

    @Test
    void definitionsAreFoundByName() {
        assertThat(requireNonNull(defaults.find(TIMEOUT)).defaultValue()).isEqualTo("45000");
        assertThat(requireNonNull(configured("50000").find(TIMEOUT)).defaultValue())
                .isEqualTo("50000");
        assertThat(defaults.find("no.such.setting")).isNull();
    }

    private static GroupSettingSource configured(String timeout) {
        Map<String, Object> properties = Map.of(BROKER_TIMEOUT, timeout);
        return new GroupSettingSource(
                GroupCoordinatorConfig.fromProps(properties), ShareGroupConfig.fromProps(Map.of()), properties);
    }

    private static GroupSetting find(GroupSettingSource source, Map<String, String> own, String name) {
        return source.settings(own).stream()
                .filter(setting -> setting.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static SettingOrigin origin(String name, String value, SettingSource source) {
        return new SettingOrigin(name, value, source);
    }
}
