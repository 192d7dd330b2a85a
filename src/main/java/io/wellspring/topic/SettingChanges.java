package io.wellspring.topic;

import io.wellspring.model.SettingType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Computes what changes make of settings. Pure. */
final class SettingChanges {
    private SettingChanges() {}

    /** What came out: the new values of what differs (null: taken away), or what was wrong. */
    sealed interface Outcome {
        record Changed(Map<String, @Nullable String> changes) implements Outcome {}

        record Invalid(String message) implements Outcome {}
    }

    /**
     * @param current the settings now
     * @param definition finds a setting by the names used here; null: no such setting
     */
    static Outcome apply(
            Map<String, String> current,
            List<SettingChange> changes,
            Function<String, ? extends @Nullable SettingDefinition> definition) {
        Map<String, @Nullable String> result = new TreeMap<>();
        for (SettingChange change : changes) {
            String before = current.get(change.name());
            SettingDefinition setting = definition.apply(change.name());
            String value = change.value();
            if (value != null && value.length() > TopicLimits.SETTING_LENGTH_MOST) {
                return new Outcome.Invalid(SettingChecks.tooLong(change.name(), value));
            }
            if (isListOperation(change) && (setting == null || setting.type() != SettingType.LIST)) {
                return new Outcome.Invalid("Can't " + change.operation() + " to key "
                        + SettingChecks.abbreviated(change.name()) + " because its type is not LIST.");
            }
            String base = before != null ? before : setting != null ? setting.defaultValue() : "";
            String after = switch (change.operation()) {
                case SET -> value;
                case DELETE -> null;
                case APPEND -> append(base, value);
                case SUBTRACT -> subtract(base, value);
            };
            if (!Objects.equals(before, after)) {
                result.put(change.name(), after);
            }
        }
        return new Outcome.Changed(result);
    }

    /** The changes that make {@code wanted} of {@code current}: what AlterConfigs means, which names everything that stays. */
    static Map<String, @Nullable String> replacing(Map<String, String> current, Map<String, String> wanted) {
        Map<String, @Nullable String> result = new TreeMap<>();
        current.keySet().stream().filter(name -> !wanted.containsKey(name)).forEach(name -> result.put(name, null));
        wanted.forEach((name, value) -> {
            if (!value.equals(current.get(name))) {
                result.put(name, value);
            }
        });
        return result;
    }

    private static boolean isListOperation(SettingChange change) {
        return change.operation() == SettingChange.Operation.APPEND
                || change.operation() == SettingChange.Operation.SUBTRACT;
    }

    private static String append(String base, @Nullable String operand) {
        List<String> items = items(base);
        items(operand).stream().filter(item -> !items.contains(item)).forEach(items::add);
        return String.join(",", items);
    }

    private static String subtract(String base, @Nullable String operand) {
        List<String> items = items(base);
        items.removeAll(items(operand));
        return String.join(",", items);
    }

    private static List<String> items(@Nullable String list) {
        List<String> items = new ArrayList<>();
        for (String item : (list == null ? "" : list).split(",", -1)) {
            if (!item.isBlank()) {
                items.add(item.trim());
            }
        }
        return items;
    }
}
