package io.wellspring.model;

import java.util.List;
import java.util.Locale;

/** The kinds of values that Kafka's settings have, and how their text is read. */
public enum SettingType {
    BOOLEAN,
    STRING,
    INT,
    SHORT,
    LONG,
    DOUBLE,
    LIST,
    CLASS,
    PASSWORD;

    /**
     * Reads a value as Kafka does: white space around it does not count, lists are separated by commas.
     *
     * @return a Boolean, Integer, Short, Long, Double, List of strings, or String
     * @throws IllegalArgumentException if the text is not of this type; the message says what was expected
     */
    public Object parse(String text) {
        String trimmed = text.trim();
        try {
            return switch (this) {
                case BOOLEAN -> parseBoolean(trimmed);
                case INT -> Integer.valueOf(trimmed);
                case SHORT -> Short.valueOf(trimmed);
                case LONG -> Long.valueOf(trimmed);
                case DOUBLE -> Double.valueOf(trimmed);
                case LIST -> trimmed.isEmpty() ? List.of() : List.of(trimmed.split("\\s*,\\s*", -1));
                case STRING, CLASS -> trimmed;
                case PASSWORD -> text;
            };
        } catch (NumberFormatException _) {
            throw new IllegalArgumentException("Not a number of type " + this);
        }
    }

    private static Boolean parseBoolean(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "true" -> Boolean.TRUE;
            case "false" -> Boolean.FALSE;
            default -> throw new IllegalArgumentException("Expected value to be either true or false");
        };
    }
}
