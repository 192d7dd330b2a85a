package io.wellspring.testing;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The line that a broker prints when it is ready, taken apart as a script would.
 *
 * @param kafka {@code host:port} of the listeners, separated by commas
 * @param management {@code host:port} of the management server
 * @param data the log directories, separated by commas
 * @param startMs from the start of the JVM
 */
public record ReadyLine(String kafka, String management, String data, long startMs) {
    private static final Pattern FORM =
            Pattern.compile("^Wellspring is ready: kafka=(\\S+) management=(\\S+) data=(.+) in (\\d+) ms$");

    /** Reads a line of output, if it is the ready line. */
    public static Optional<ReadyLine> parse(String line) {
        Matcher matcher = FORM.matcher(line);
        return matcher.matches()
                ? Optional.of(new ReadyLine(
                        matcher.group(1), matcher.group(2), matcher.group(3), Long.parseLong(matcher.group(4))))
                : Optional.empty();
    }
}
