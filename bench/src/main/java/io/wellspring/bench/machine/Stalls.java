package io.wellspring.bench.machine;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Tells when the machine stood still. One sleeper is bound to each processor and comes before everything else there, so that no load of ours can make it
 * late: what does is the host, or the kernel. Where the machine does not allow such a priority the sleepers have none, and a report says so.
 *
 * <p>Threads: any.
 */
public final class Stalls implements AutoCloseable {
    private static final String PRIORITY = "10";
    private static final Pattern STALL = Pattern.compile("(-?\\d{1,19}) (-?\\d{1,19})");

    private final Queue<Stall> stalls = new ConcurrentLinkedQueue<>();
    private final List<Process> sleepers = new ArrayList<>();
    private boolean isFirstInLine = true;

    private Stalls() {}

    /**
     * Begins to watch all processors.
     *
     * @param java the JDK's launcher
     */
    public static Stalls watch(Path java) throws IOException {
        return watch(java, Runtime.getRuntime().availableProcessors());
    }

    static Stalls watch(Path java, int processorCount) throws IOException {
        Stalls all = new Stalls();
        try {
            for (int i = 0; i < processorCount; i++) {
                all.start(java, i);
            }
        } catch (IOException | RuntimeException e) {
            all.close();
            throw e;
        }
        return all;
    }

    private void start(Path java, int processor) throws IOException {
        String classPath = System.getProperty("java.class.path");
        List<String> sleeper = List.of(
                java.toString(),
                "-Xmx16m",
                "-Xshare:auto",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classPath,
                Sleeper.class.getName());
        List<String> first =
                new ArrayList<>(List.of("taskset", "-c", Integer.toString(processor), "chrt", "-f", PRIORITY));
        first.addAll(sleeper);
        if (!isReady(first)) {
            isFirstInLine = false;
            if (!isReady(sleeper)) {
                throw new IOException("the sleeper that watches the machine does not start: " + sleeper);
            }
        }
    }

    private boolean isReady(List<String> command) throws IOException {
        Process process;
        try {
            process = new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException e) {
            // No such program here.
            return false;
        }
        BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.equals(Sleeper.READY)) {
                sleepers.add(process);
                Thread.ofPlatform().daemon().name("stalls").start(() -> hear(lines));
                return true;
            }
        }
        process.destroyForcibly();
        return false;
    }

    private void hear(BufferedReader lines) {
        try {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                Matcher matcher = STALL.matcher(line);
                // The JVM may have something to say besides.
                if (matcher.matches()) {
                    stalls.add(new Stall(Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2))));
                }
            }
        } catch (IOException e) {
            // The sleeper's end of the pipe is gone, as when it ended: that is asked whenever somebody wants to know
            // something.
            return;
        }
    }

    /** Whether a processor stood still at any time between two moments, which are over. */
    public boolean isAnyBetween(long fromNanos, long toNanos) throws IOException {
        for (Process sleeper : sleepers) {
            if (!sleeper.isAlive()) {
                throw new IOException("the sleeper that watches the machine ended with " + sleeper.exitValue());
            }
        }
        return stalls.stream().anyMatch(stall -> stall.touches(fromNanos, toNanos));
    }

    /** How it watches, for a report. */
    public String text() {
        return "a sleeper on each processor, "
                + (isFirstInLine ? "before everything else" : "**of the same priority as everything else**");
    }

    /** The processes. */
    List<Process> sleepers() {
        return List.copyOf(sleepers);
    }

    @Override
    public void close() {
        sleepers.forEach(Process::destroyForcibly);
    }
}
