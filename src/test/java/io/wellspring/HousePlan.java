package io.wellspring;

import java.util.Map;
import java.util.Set;

/** The plan of the house as data: which room may look into which. A new package is entered here first. */
final class HousePlan {
    static final String ROOT = "io.wellspring";

    private static final Set<String> BELOW_API = Set.of(
            "protocol", "coordinator", "partition", "topic", "log", "batch", "cluster", "security", "model", "support");

    /** Room to the rooms it may use; a room inside a room ({@code api.data}) follows the rules of the outer one. */
    static final Map<String, Set<String>> MAY_USE = Map.ofEntries(
            Map.entry("network", Set.of("api", "protocol", "batch", "security", "model", "support")),
            Map.entry("protocol", Set.of("batch", "model")),
            Map.entry("api", BELOW_API),
            Map.entry("coordinator", Set.of("partition", "topic", "batch", "model", "support")),
            Map.entry("partition", Set.of("log", "topic", "batch", "model", "support")),
            Map.entry("topic", Set.of("log", "model", "support")),
            Map.entry("log", Set.of("batch", "model", "support")),
            Map.entry("batch", Set.of("model", "support")),
            Map.entry("cluster", Set.of("partition", "topic", "batch", "model", "support")),
            Map.entry("security", Set.of("model", "support")),
            Map.entry(
                    "management",
                    Set.of(
                            "network",
                            "api",
                            "protocol",
                            "coordinator",
                            "partition",
                            "topic",
                            "log",
                            "batch",
                            "cluster",
                            "security",
                            "model",
                            "support")),
            Map.entry("console", Set.of("partition", "topic", "coordinator", "model")),
            Map.entry("model", Set.of()),
            Map.entry("support", Set.of()));

    private HousePlan() {}

    /** The room a package belongs to: the first word after the root; the root itself is "". */
    static String roomOf(String packageName) {
        if (packageName.equals(ROOT)) {
            return "";
        }
        String inside = packageName.substring(ROOT.length() + 1);
        int dot = inside.indexOf('.');
        return dot < 0 ? inside : inside.substring(0, dot);
    }
}
