package io.wellspring.testing;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The memory of a broker at a moment, as its meters and the system tell it.
 *
 * @param heapBytes in use, garbage included
 * @param directBytes of buffers outside the heap
 * @param anonymousBytes resident and of no file: heap, direct buffers and everything else that the process allocated
 */
public record MemoryUse(long heapBytes, long directBytes, long anonymousBytes) {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final String METERS = "jvm_memory_used_bytes,jvm_buffer_memory_used_bytes";
    private static final Pattern HEAP = Pattern.compile("(?m)^jvm_memory_used_bytes\\{area=\"heap\",.*} (\\S+)$");
    private static final Pattern DIRECT =
            Pattern.compile("(?m)^jvm_buffer_memory_used_bytes\\{.*id=\"direct\".*} (\\S+)$");
    private static final Pattern ANONYMOUS = Pattern.compile("(?m)^RssAnon:\\s+(\\d+) kB$");

    /** As it is. */
    public static MemoryUse now(BrokerProcess broker) throws IOException, InterruptedException {
        String meters;
        try (HttpClient client = HttpClient.newHttpClient()) {
            URI place = URI.create(broker.managementUrl() + "/actuator/prometheus?includedNames=" + METERS);
            meters = client.send(HttpRequest.newBuilder(place).timeout(LIMIT).build(), BodyHandlers.ofString())
                    .body();
        }
        String status = Files.readString(Path.of("/proc", Long.toString(broker.pid()), "status"));
        return new MemoryUse(sum(HEAP, meters), sum(DIRECT, meters), 1024 * sum(ANONYMOUS, status));
    }

    /** Without garbage on the heap; looks once before, for what only the first look needs. */
    public static MemoryUse afterCollection(BrokerProcess broker) throws IOException, InterruptedException {
        now(broker);
        String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        ExternalProgram.run(LIMIT, List.of(jcmd, Long.toString(broker.pid()), "GC.run"))
                .succeeded();
        return now(broker);
    }

    /** The larger of each. */
    public MemoryUse max(MemoryUse other) {
        return new MemoryUse(
                Math.max(heapBytes, other.heapBytes),
                Math.max(directBytes, other.directBytes),
                Math.max(anonymousBytes, other.anonymousBytes));
    }

    private static long sum(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        List<MatchResult> found = matcher.results().toList();
        if (found.isEmpty()) {
            throw new AssertionError(pattern + " is not in\n" + text);
        }
        return found.stream()
                .mapToLong(one -> (long) Double.parseDouble(one.group(1)))
                .sum();
    }
}
