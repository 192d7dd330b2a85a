package io.wellspring.topic;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which names topics may have: Kafka's rules. Pure. */
public final class TopicNames {
    /** With a partition's number behind it the name must still fit the 255 bytes of a file name. */
    public static final int LENGTH_MOST = 249;

    /** Never made by a client: Kafka keeps its cluster's metadata under the first name, Wellspring the catalog under the second. */
    private static final Set<String> RESERVED = Set.of("__cluster_metadata", Topic.CATALOG);

    private TopicNames() {}

    /** What is wrong with a name, in Kafka's words; null if nothing is. */
    public static @Nullable String problemWith(String name) {
        String reason = reasonAgainst(name);
        return reason == null ? null : "Topic name is invalid: " + reason;
    }

    /** True for names that the broker alone may create. */
    public static boolean isReserved(String name) {
        return RESERVED.contains(name);
    }

    /** The topic whose name differs from this one only in dots and underscores, which names of metrics do not tell apart. */
    static @Nullable Topic colliding(TopicCatalog catalog, String name) {
        if (name.indexOf('.') < 0 && name.indexOf('_') < 0) {
            return null;
        }
        for (Topic topic : catalog.all()) {
            if (collide(topic.name(), name)) {
                return topic;
            }
        }
        return null;
    }

    private static @Nullable String reasonAgainst(String name) {
        if (name.isEmpty()) {
            return "the empty string is not allowed";
        }
        if (name.equals(".") || name.equals("..")) {
            return "'" + name + "' is not allowed";
        }
        if (name.length() > LENGTH_MOST) {
            return "the length of '" + name + "' is longer than the max allowed length " + LENGTH_MOST;
        }
        if (!name.chars().allMatch(TopicNames::isLegal)) {
            return "'" + name + "' contains one or more characters other than ASCII alphanumerics, '.', '_' and '-'";
        }
        return null;
    }

    private static boolean isLegal(int character) {
        return (character >= 'a' && character <= 'z')
                || (character >= 'A' && character <= 'Z')
                || (character >= '0' && character <= '9')
                || character == '.'
                || character == '_'
                || character == '-';
    }

    private static boolean collide(String one, String other) {
        if (one.length() != other.length()) {
            return false;
        }
        for (int i = 0; i < one.length(); i++) {
            if (unified(one.charAt(i)) != unified(other.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static char unified(char character) {
        return character == '.' ? '_' : character;
    }
}
