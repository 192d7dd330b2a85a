package io.wellspring.management;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;

/**
 * The names of all settings, read off the rooms' {@code XxxProperties} records: a component is a setting, a record in it goes one
 * level down, a list's elements are written {@code name[0]}, below a map any name goes.
 */
final class KnownSettings {
    private static final int LEAST_COMMON_LENGTH = 3;

    /** Settings in dashed form; {@code [*]} for the index of a list's element. */
    private final Set<String> names = new TreeSet<>();

    /** The same without dashes, made when it is first asked for; empty again when a setting is added. */
    private final Set<String> uniformNames = new HashSet<>();

    /** Settings whose names go on as the user likes. */
    private final Set<String> openNames = new TreeSet<>();

    /** Adds the settings of one record below this prefix. */
    void add(String prefix, Class<?> settings) {
        uniformNames.clear();
        RecordComponent[] components = settings.getRecordComponents();
        if (components == null) {
            openNames.add(prefix);
            return;
        }
        for (RecordComponent component : components) {
            add(prefix + "." + dashed(component.getName()), component.getType(), component.getGenericType());
        }
    }

    private void add(String name, Class<?> type, Type generic) {
        if (Map.class.isAssignableFrom(type)) {
            names.add(name);
            openNames.add(name);
        } else if (Collection.class.isAssignableFrom(type)) {
            names.add(name);
            names.add(name + "[*]");
            if (generic instanceof ParameterizedType list
                    && list.getActualTypeArguments()[0] instanceof Class<?> element
                    && element.isRecord()) {
                add(name + "[*]", element);
            }
        } else if (type.isRecord() && type.getName().startsWith("io.wellspring.")) {
            add(name, type);
        } else {
            names.add(name);
        }
    }

    Set<String> names() {
        return names;
    }

    boolean contains(ConfigurationPropertyName property) {
        String name = uniform(property);
        if (uniformNames.isEmpty()) {
            names.forEach(known -> uniformNames.add(withoutDashes(known)));
        }
        if (uniformNames.contains(name)) {
            return true;
        }
        return openNames.stream()
                .map(KnownSettings::withoutDashes)
                .anyMatch(open -> name.startsWith(open + ".") || name.startsWith(open + "["));
    }

    /** The known name that looks most like this one, null if none looks like it at all. */
    @Nullable
    String nearest(ConfigurationPropertyName property) {
        String name = uniform(property);
        String nearest = null;
        int smallest = Math.max(LEAST_COMMON_LENGTH, name.length() / 3);
        for (String known : names) {
            int distance = distance(name, withoutDashes(known));
            if (distance < smallest) {
                smallest = distance;
                nearest = known;
            }
        }
        return nearest == null ? null : nearest.replace("[*]", "[0]");
    }

    /** Without dashes, in lower case, every index an asterisk: what relaxed binding takes for equal is equal. */
    private static String uniform(ConfigurationPropertyName property) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < property.getNumberOfElements(); i++) {
            if (property.isNumericIndex(i)) {
                text.append("[*]");
            } else {
                text.append(i == 0 ? "" : ".").append(property.getElement(i, Form.UNIFORM));
            }
        }
        return text.toString();
    }

    private static String withoutDashes(String name) {
        return name.replace("-", "");
    }

    private static String dashed(String component) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < component.length(); i++) {
            char c = component.charAt(i);
            if (Character.isUpperCase(c) && i > 0) {
                text.append('-');
            }
            text.append(Character.toLowerCase(c));
        }
        return text.toString();
    }

    /** Levenshtein's: the fewest single letters to add, take out or change. */
    private static int distance(String one, String other) {
        int[] before = new int[other.length() + 1];
        for (int j = 0; j <= other.length(); j++) {
            before[j] = j;
        }
        for (int i = 1; i <= one.length(); i++) {
            int[] row = new int[other.length() + 1];
            row[0] = i;
            for (int j = 1; j <= other.length(); j++) {
                int change = before[j - 1] + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(change, 1 + Math.min(before[j], row[j - 1]));
            }
            before = row;
        }
        return before[other.length()];
    }
}
