package io.wellspring.management.endpoint;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Settings as an operator writes them: {@code retention.ms=60000; cleanup.policy=compact,delete; segment.bytes}. One without a value goes back to its
 * default. Entries end at a semicolon or a line's end, because values may have commas. Bodies of Actuator's operations are flat: this is one text.
 */
final class SettingTexts {
    private SettingTexts() {}

    /** Kafka's names to values, null where a setting goes back to its default; 400 if a name is empty or comes twice. */
    static Map<String, @Nullable String> parse(String text) {
        Map<String, @Nullable String> settings = new TreeMap<>();
        for (String entry : text.split("[;\n]", -1)) {
            if (entry.isBlank()) {
                continue;
            }
            int equals = entry.indexOf('=');
            String name = (equals < 0 ? entry : entry.substring(0, equals)).strip();
            if (name.isEmpty() || settings.containsKey(name)) {
                throw Refusals.badRequest("settings has '" + entry.strip()
                        + "': write each setting once, as name=value, or as name alone for its default.");
            }
            settings.put(name, equals < 0 ? null : entry.substring(equals + 1).strip());
        }
        return settings;
    }
}
