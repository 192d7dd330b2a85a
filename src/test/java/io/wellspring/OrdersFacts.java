package io.wellspring;

import io.wellspring.testing.SideProgram;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What the application in {@code src/test/programs/spring-kafka} said of itself. */
record OrdersFacts(List<String[]> facts) {
    private static final String MARK = "FACT ";

    /**
     * A listener of orders was called.
     *
     * @param topic the orders themselves or one of the topics for the next attempts
     * @param attempt which call it is for this order, from 1
     * @param thread that called it
     */
    record Attempt(String topic, int partition, long offset, String value, int attempt, String thread) {}

    static OrdersFacts of(SideProgram application) {
        return new OrdersFacts(application.output().stream()
                .filter(line -> line.startsWith(MARK))
                .map(line -> line.substring(MARK.length()).split(" "))
                .toList());
    }

    private Stream<String[]> about(String what) {
        return facts.stream().filter(fact -> fact[0].equals(what));
    }

    boolean isStarted() {
        return about("started").findAny().isPresent();
    }

    List<String> answers() {
        return about("answer").map(fact -> String.join(" ", fact)).toList();
    }

    List<Attempt> attempts() {
        return about("order")
                .map(fact -> new Attempt(
                        fact[1],
                        Integer.parseInt(fact[2]),
                        Long.parseLong(fact[3]),
                        fact[4],
                        Integer.parseInt(fact[5]),
                        fact[6]))
                .toList();
    }

    /** In which topics each order was tried, in turn. */
    Map<String, List<String>> topicsTried() {
        Map<String, List<String>> tried = new HashMap<>();
        attempts()
                .forEach(attempt -> tried.computeIfAbsent(attempt.value(), _ -> new ArrayList<>())
                        .add(attempt.topic() + " " + attempt.attempt()));
        return tried;
    }

    /** The first offset of each partition of a topic that a listener was called with. */
    Map<Integer, Long> firstOffsets(String topic) {
        Map<Integer, Long> first = new TreeMap<>();
        attempts().stream()
                .filter(attempt -> attempt.topic().equals(topic))
                .forEach(attempt -> first.merge(attempt.partition(), attempt.offset(), Math::min));
        return first;
    }

    /** Values that came to the listener of the dead letters. */
    List<String> deadLetters() {
        return about("dead").map(fact -> fact[4]).toList();
    }

    List<String> payments() {
        return about("payment").map(fact -> fact[3]).toList();
    }

    int largestBatch() {
        return about("batch").mapToInt(fact -> Integer.parseInt(fact[1])).max().orElse(0);
    }

    List<String> receipts() {
        return about("receipt").map(fact -> fact[2]).toList();
    }
}
