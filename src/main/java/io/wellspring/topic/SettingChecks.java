package io.wellspring.topic;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Checks sets of settings as a whole, with Kafka's messages. Pure. */
final class SettingChecks {
    private SettingChecks() {}

    /** What is wrong with a topic's own settings over these defaults; null if nothing is. */
    static @Nullable String problemWithTopic(Map<String, String> overrides, TopicDefaults defaults) {
        for (Map.Entry<String, String> override : overrides.entrySet()) {
            TopicSetting setting = TopicSetting.find(override.getKey());
            if (setting == null) {
                return "Unknown topic config name: " + abbreviated(override.getKey());
            }
            String problem = problemWithValue(setting, setting.settingName(), override.getValue());
            if (problem != null) {
                return problem;
            }
        }
        return problemWithTogether(TopicSettings.of(overrides, defaults));
    }

    /** What is wrong with the dynamic settings of a broker; null if nothing is. The names are known to be dynamic. */
    static @Nullable String problemWithBroker(Map<String, String> settings, TopicDefaults defaultsAfter) {
        for (Map.Entry<String, String> entry : settings.entrySet()) {
            TopicSetting setting = TopicSetting.findByBrokerName(entry.getKey());
            String problem = setting == null ? null : problemWithValue(setting, entry.getKey(), entry.getValue());
            if (problem != null) {
                return problem;
            }
        }
        return problemWithTogether(TopicSettings.of(Map.of(), defaultsAfter));
    }

    private static @Nullable String problemWithValue(TopicSetting setting, String name, String value) {
        if (value.length() > TopicLimits.SETTING_LENGTH_MOST) {
            return tooLong(name, value);
        }
        return setting.problemWith(name, value);
    }

    private static @Nullable String problemWithTogether(TopicSettings settings) {
        long least = settings.minCompactionLagMs();
        long most = settings.maxCompactionLagMs();
        if (least > most) {
            return "conflict topic config setting min.compaction.lag.ms (" + least + ") > max.compaction.lag.ms ("
                    + most + ")";
        }
        if ((Boolean) settings.value(TopicSetting.REMOTE_STORAGE_ENABLE)) {
            return "Tiered Storage functionality is disabled in the broker. "
                    + "Topic cannot be configured with remote log storage.";
        }
        return null;
    }

    static String tooLong(String name, String value) {
        return "The value of " + abbreviated(name) + " has " + value.length() + " characters, more than the "
                + TopicLimits.SETTING_LENGTH_MOST + " that are allowed.";
    }

    /** A name that is not known yet is a client's own text: it goes into messages shortened. */
    static String abbreviated(String name) {
        return name.length() <= 100 ? name : name.substring(0, 100) + "...";
    }
}
