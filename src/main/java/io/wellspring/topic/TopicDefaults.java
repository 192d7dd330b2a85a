package io.wellspring.topic;

import io.wellspring.model.SettingOrigin;
import io.wellspring.model.SettingSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What topics get where they set nothing themselves, in layers as in Kafka: set while running for this broker, for all
 * brokers, in the broker's configuration, Kafka's default. Immutable. Threads: any.
 *
 * <p>A value that this version cannot read (an older or newer one wrote it) counts as not set.
 */
public final class TopicDefaults {
    /** Kafka's defaults and nothing over them. */
    public static final TopicDefaults KAFKA = new TopicDefaults("", Map.of(), Map.of(), Map.of());

    private final String nodeId;
    private final Map<String, String> configured;
    private final Map<String, String> dynamicAll;
    private final Map<String, String> dynamicOwn;

    private TopicDefaults(
            String nodeId,
            Map<String, String> configured,
            Map<String, String> dynamicAll,
            Map<String, String> dynamicOwn) {
        this.nodeId = nodeId;
        this.configured = Map.copyOf(configured);
        this.dynamicAll = Map.copyOf(dynamicAll);
        this.dynamicOwn = Map.copyOf(dynamicOwn);
    }

    /**
     * Defaults of a broker on which nothing was set while running.
     *
     * @param nodeId the broker's number as text: whose dynamic settings count as its own
     * @param configured Kafka's names of broker settings ({@code log.retention.ms}, {@code .hours} too) to values
     */
    public static TopicDefaults of(String nodeId, Map<String, String> configured) {
        return new TopicDefaults(nodeId, configured, Map.of(), Map.of());
    }

    /** The same broker with these dynamic settings, of all brokers and its own: Kafka's names of broker settings to values. */
    TopicDefaults withDynamic(Map<String, String> all, Map<String, String> own) {
        return new TopicDefaults(nodeId, configured, all, own);
    }

    /** The broker's number as text, empty if it does not matter. */
    public String nodeId() {
        return nodeId;
    }

    /** What the broker's configuration says: Kafka's names of broker settings to values. */
    public Map<String, String> configured() {
        return configured;
    }

    /** Everything that gives the setting a value below the topic, the strongest first; empty for one without synonyms. */
    public List<SettingOrigin> origins(TopicSetting setting) {
        List<SettingOrigin> origins = new ArrayList<>(4);
        add(origins, setting, dynamicOwn, SettingSource.DYNAMIC_BROKER);
        add(origins, setting, dynamicAll, SettingSource.DYNAMIC_DEFAULT_BROKER);
        add(origins, setting, configured, SettingSource.STATIC_BROKER);
        for (TopicSetting.Synonym synonym : setting.synonyms()) {
            String value = synonym.defaultValue();
            if (value != null) {
                origins.add(new SettingOrigin(synonym.name(), value, SettingSource.DEFAULT));
            }
        }
        return origins;
    }

    /** What a topic gets that does not set it, in the topic setting's unit. */
    public String value(TopicSetting setting) {
        List<SettingOrigin> origins = origins(setting);
        if (origins.isEmpty()) {
            return setting.defaultValue();
        }
        SettingOrigin strongest = origins.getFirst();
        for (TopicSetting.Synonym synonym : setting.synonyms()) {
            if (synonym.name().equals(strongest.name())) {
                return inTopicUnit(synonym, strongest.value());
            }
        }
        return setting.defaultValue();
    }

    private static void add(
            List<SettingOrigin> origins, TopicSetting setting, Map<String, String> layer, SettingSource source) {
        if (layer.isEmpty()) {
            return;
        }
        for (TopicSetting.Synonym synonym : setting.synonyms()) {
            String value = layer.get(synonym.name());
            if (value != null && problemWith(setting, synonym, value) == null) {
                origins.add(new SettingOrigin(synonym.name(), value, source));
            }
        }
    }

    /** What is wrong with a broker setting's value, null if nothing is. */
    static @Nullable String problemWith(TopicSetting setting, TopicSetting.Synonym synonym, String value) {
        if (synonym.unit() == 1) {
            return setting.problemWith(synonym.name(), value);
        }
        try {
            return setting.problemWith(synonym.name(), inTopicUnit(synonym, value));
        } catch (NumberFormatException _) {
            return SettingRule.invalid(synonym.name(), value, "Not a number of type INT");
        }
    }

    /** -1 hours is "no limit" and stays -1. */
    private static String inTopicUnit(TopicSetting.Synonym synonym, String value) {
        if (synonym.unit() == 1) {
            return value;
        }
        int count = Integer.parseInt(value.trim());
        return Long.toString(count < 0 ? count : count * synonym.unit());
    }
}
