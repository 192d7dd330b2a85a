package io.wellspring.bench.broker;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What the system says a process has cost since it began, or between two moments. Processor time is the kernel's exact sum over all threads, told in
 * steps of 10 ms.
 *
 * @param cpuNanos in its own code and in the kernel for it
 * @param residentBytes of memory now
 * @param peakResidentBytes the most so far
 * @param threadCount now
 * @param callCount calls of the read and write families, on files and sockets
 * @param readBytes fetched from the disk
 * @param writtenBytes given to the page cache on the way to the disk
 */
public record ProcessCost(
        long cpuNanos,
        long residentBytes,
        long peakResidentBytes,
        long threadCount,
        long callCount,
        long readBytes,
        long writtenBytes) {
    /** Linux tells user space all times in this unit, whatever its own is. */
    private static final long TICK_NANOS = 10_000_000;

    private static final int USER_TICKS_INDEX = 11;
    private static final int SYSTEM_TICKS_INDEX = 12;
    private static final int KIB = 1024;

    /** Of the process that asks. */
    public static ProcessCost ofThis() throws IOException {
        return of(ProcessHandle.current().pid());
    }

    static ProcessCost of(long pid) throws IOException {
        Path directory = Path.of("/proc", Long.toString(pid));
        return parse(
                Files.readString(directory.resolve("stat"), StandardCharsets.UTF_8),
                Files.readAllLines(directory.resolve("status"), StandardCharsets.UTF_8),
                Files.readAllLines(directory.resolve("io"), StandardCharsets.UTF_8));
    }

    static ProcessCost parse(String stat, List<String> status, List<String> io) {
        // The fields begin behind the name, which may hold anything.
        List<String> fields = Pattern.compile(" ")
                .splitAsStream(stat.substring(stat.lastIndexOf(')') + 2))
                .toList();
        long ticks = Long.parseLong(fields.get(USER_TICKS_INDEX)) + Long.parseLong(fields.get(SYSTEM_TICKS_INDEX));
        return new ProcessCost(
                ticks * TICK_NANOS,
                value(status, "VmRSS") * KIB,
                value(status, "VmHWM") * KIB,
                value(status, "Threads"),
                value(io, "syscr") + value(io, "syscw"),
                value(io, "read_bytes"),
                value(io, "write_bytes"));
    }

    private static long value(List<String> lines, String name) {
        for (String line : lines) {
            if (line.startsWith(name + ":")) {
                return Long.parseLong(line.substring(name.length() + 1).replaceAll("[^0-9]", ""));
            }
        }
        throw new IllegalArgumentException("no " + name + " in " + lines);
    }

    /** What was added since; memory and threads are as they are now. */
    public ProcessCost since(ProcessCost earlier) {
        return new ProcessCost(
                cpuNanos - earlier.cpuNanos,
                residentBytes,
                peakResidentBytes,
                threadCount,
                callCount - earlier.callCount,
                readBytes - earlier.readBytes,
                writtenBytes - earlier.writtenBytes);
    }
}
