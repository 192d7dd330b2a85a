package io.wellspring.topic;

import java.util.HashSet;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a value must be beside being of its type. Pure. Threads: any. */
@FunctionalInterface
interface SettingRule {
    /** Any value of the type. */
    SettingRule ANY = (_, _) -> null;

    /** gzip's levels, and -1 for the codec's own choice. */
    SettingRule GZIP_LEVEL = (name, value) -> {
        int level = (Integer) value;
        return level == -1 || (level >= 1 && level <= 9)
                ? null
                : invalid(name, value, "Value must be between 1 and 9 or equal to -1");
    };

    Pattern REPLICA = Pattern.compile("[0-9]+:[0-9]+");

    /** A list of {@code partition:broker}, or the star for all. */
    SettingRule REPLICAS = (name, value) -> {
        List<?> replicas = (List<?>) value;
        boolean valid = replicas.equals(List.of("*"))
                || replicas.stream()
                        .allMatch(replica -> REPLICA.matcher(replica.toString()).matches());
        return valid
                ? null
                : invalid(name, value, "Value must be '*' or a list of [partitionId]:[brokerId] separated by commas");
    };

    /** @return what is wrong with the value, null if nothing is */
    @Nullable
    String problemWith(String name, Object value);

    static SettingRule atLeast(long least) {
        return (name, value) ->
                ((Number) value).longValue() >= least ? null : invalid(name, value, "Value must be at least " + least);
    }

    static SettingRule between(double least, double most, String leastText, String mostText) {
        return (name, value) -> {
            double number = ((Number) value).doubleValue();
            // Written so that NaN, which is neither small nor large, is refused.
            if (!(number >= least)) {
                return invalid(name, value, "Value must be at least " + leastText);
            }
            return number <= most ? null : invalid(name, value, "Value must be no more than " + mostText);
        };
    }

    static SettingRule between(int least, int most) {
        return between(least, most, Integer.toString(least), Integer.toString(most));
    }

    static SettingRule oneOf(String... values) {
        List<String> valid = List.of(values);
        return (name, value) -> valid.contains(value.toString())
                ? null
                : invalid(name, value, "String must be one of: " + String.join(", ", valid));
    }

    /** A list, possibly empty, of different values out of these. */
    static SettingRule someOf(String... values) {
        SettingRule each = oneOf(values);
        return (name, value) -> {
            List<?> items = (List<?>) value;
            if (new HashSet<>(items).size() != items.size()) {
                return "Configuration '" + name + "' values must not be duplicated.";
            }
            for (Object item : items) {
                String problem = item.toString().isEmpty()
                        ? "Configuration '" + name + "' values must not be empty."
                        : each.problemWith(name, item);
                if (problem != null) {
                    return problem;
                }
            }
            return null;
        };
    }

    /** The form of Kafka's messages about values. */
    static String invalid(String name, Object value, String message) {
        return "Invalid value " + value + " for configuration " + name + ": " + message;
    }
}
