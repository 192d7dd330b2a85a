package io.wellspring.coordinator.group;

import io.wellspring.model.SettingOrigin;
import io.wellspring.model.SettingSource;
import io.wellspring.model.SettingType;
import io.wellspring.topic.GroupSettingCommands;
import io.wellspring.topic.SettingDefinition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.coordinator.group.GroupConfig;
import org.apache.kafka.coordinator.group.GroupCoordinatorConfig;
import org.apache.kafka.coordinator.group.modern.share.ShareGroupConfig;
import org.jspecify.annotations.Nullable;

/**
 * The settings of groups as the library defines them: a group's own over the broker's under a name of its own over the default. Threads: any.
 */
public final class GroupSettingSource implements GroupSettingCommands.Rules {
    private final GroupCoordinatorConfig brokerConfig;
    private final ShareGroupConfig shareConfig;

    /** What the broker is configured with, by the broker's names, as text. */
    private final Map<String, String> configured;

    /** @param configured the broker's own settings by Kafka's names, without those that were left alone */
    GroupSettingSource(GroupCoordinatorConfig brokerConfig, ShareGroupConfig shareConfig, Map<String, ?> configured) {
        this.brokerConfig = brokerConfig;
        this.shareConfig = shareConfig;
        this.configured = new HashMap<>();
        configured.forEach((name, value) -> this.configured.put(name, String.valueOf(value)));
    }

    /** Over a broker that leaves everything at its default. */
    public static GroupSettingSource ofDefaults() {
        return new GroupSettingSource(
                GroupCoordinatorConfig.fromProps(Map.of()), ShareGroupConfig.fromProps(Map.of()), Map.of());
    }

    /**
     * One setting of one group.
     *
     * @param value null: not set
     * @param origins what gives it a value, the strongest first; empty: its default
     */
    public record GroupSetting(
            String name, @Nullable String value, SettingType type, List<SettingOrigin> origins, String documentation) {}

    /** @param own what is set on the group */
    public List<GroupSetting> settings(Map<String, String> own) {
        List<GroupSetting> all = new ArrayList<>();
        for (ConfigDef.ConfigKey key : new TreeMap<>(GroupConfig.CONFIG_DEF.configKeys()).values()) {
            if (!key.internalConfig) {
                all.add(setting(key, own.get(key.name)));
            }
        }
        return all;
    }

    private GroupSetting setting(ConfigDef.ConfigKey key, @Nullable String own) {
        List<SettingOrigin> origins = new ArrayList<>();
        if (own != null) {
            origins.add(new SettingOrigin(key.name, own, SettingSource.DYNAMIC_GROUP));
        }
        String value = own;
        String synonym = GroupConfig.brokerSynonym(key.name).orElse(null);
        if (synonym == null) {
            String fallback = text(key);
            if (fallback != null) {
                origins.add(new SettingOrigin(key.name, fallback, SettingSource.DEFAULT));
            }
        } else {
            String set = configured.get(synonym);
            String fallback = defaultOf(synonym);
            if (set != null && !set.equals(fallback)) {
                origins.add(new SettingOrigin(synonym, set, SettingSource.STATIC_BROKER));
                value = value == null ? set : value;
            }
            if (fallback != null) {
                origins.add(new SettingOrigin(synonym, fallback, SettingSource.DEFAULT));
                value = value == null ? fallback : value;
            }
        }
        String documentation = key.documentation == null ? "" : key.documentation;
        return new GroupSetting(key.name, value == null ? text(key) : value, typeOf(key.type), origins, documentation);
    }

    private static @Nullable String defaultOf(String brokerName) {
        ConfigDef.ConfigKey key = GroupCoordinatorConfig.CONFIG_DEF.configKeys().get(brokerName);
        if (key == null) {
            key = ShareGroupConfig.CONFIG_DEF.configKeys().get(brokerName);
        }
        return key == null ? null : text(key);
    }

    static @Nullable String text(ConfigDef.ConfigKey key) {
        return key.hasDefault() && key.defaultValue != null
                ? ConfigDef.convertToString(key.defaultValue, key.type)
                : null;
    }

    static SettingType typeOf(ConfigDef.Type type) {
        return switch (type) {
            case BOOLEAN -> SettingType.BOOLEAN;
            case STRING -> SettingType.STRING;
            case INT -> SettingType.INT;
            case SHORT -> SettingType.SHORT;
            case LONG -> SettingType.LONG;
            case DOUBLE -> SettingType.DOUBLE;
            case LIST -> SettingType.LIST;
            case CLASS -> SettingType.CLASS;
            case PASSWORD -> SettingType.PASSWORD;
        };
    }

    @Override
    public @Nullable SettingDefinition find(String name) {
        ConfigDef.ConfigKey key = GroupConfig.CONFIG_DEF.configKeys().get(name);
        return key == null
                ? null
                : new Definition(typeOf(key.type), setting(key, null).value());
    }

    private record Definition(SettingType type, @Nullable String value) implements SettingDefinition {
        @Override
        public String defaultValue() {
            return value == null ? "" : value;
        }
    }

    @Override
    public @Nullable String problemWith(Map<String, String> settings) {
        try {
            GroupConfig.validate(new HashMap<>(settings), brokerConfig, shareConfig);
            return null;
        } catch (InvalidConfigurationException | ConfigException wrong) {
            return wrong.getMessage();
        }
    }
}
