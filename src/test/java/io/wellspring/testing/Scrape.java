package io.wellspring.testing;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/** What {@code /actuator/prometheus} said at one moment. */
public final class Scrape {
    private final List<String> lines;

    private Scrape(List<String> lines) {
        this.lines = lines;
    }

    /** @param managementUrl of the broker */
    public static Scrape of(String managementUrl) throws IOException, InterruptedException {
        return new Scrape(get(managementUrl + "/actuator/prometheus").lines().toList());
    }

    /** The body of an answer of the management port, whatever its status. */
    public static String get(String url) throws IOException, InterruptedException {
        return ManagementPort.get(url).body();
    }

    /** The sum of all samples of this name that have these labels, each as {@code name="value"}; 0 if there are none. */
    public double sum(String name, String... labels) {
        return lines.stream()
                .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
                .filter(line -> Arrays.stream(labels).allMatch(line::contains))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    /** All of it. */
    public String text() {
        return String.join("\n", lines);
    }
}
