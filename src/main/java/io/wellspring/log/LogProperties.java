package io.wellspring.log;

import io.wellspring.support.StartRefusedException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Settings of the logs ({@code wellspring.log.*}).
 *
 * @param directories where the logs lie; several spread partitions over several disks
 * @param flush when an append is made durable: always, os or interval
 * @param flushInterval with flush=interval: everything is forced this often
 * @param openFiles at most about this many segment files and index mappings are open at once
 * @param retentionCheckInterval how often retention is applied
 * @param durableMarkInterval how often, at most, the durable marks are written: a start after a crash reads what was written since
 * @param recoveryThreadsPerDirectory logs recovered at the same time, per log directory
 * @param diskSoftMark with fewer free bytes than this, writes to topics are refused until there is room again
 * @param diskHardMark with fewer free bytes than this, writes to internal topics are refused too
 * @param diskCheckInterval how often the free bytes are looked at
 * @param scrubRate bytes per second that the scrubber reads to find damage; 0: no scrubbing
 * @param scrubInterval the scrubber reads everything once in this time
 * @param scrubDelay the first pass after a start that was not clean begins after this time
 */
@ConfigurationProperties("wellspring.log")
public record LogProperties(
        @DefaultValue("./data") List<String> directories,
        @DefaultValue("always") FlushPolicy flush,
        @DefaultValue("1s") Duration flushInterval,
        @DefaultValue("4096") int openFiles,
        @DefaultValue("5m") Duration retentionCheckInterval,
        @DefaultValue("5s") Duration durableMarkInterval,
        @DefaultValue("2") int recoveryThreadsPerDirectory,
        @DefaultValue("512MB") DataSize diskSoftMark,
        @DefaultValue("128MB") DataSize diskHardMark,
        @DefaultValue("3s") Duration diskCheckInterval,
        @DefaultValue("8MB") DataSize scrubRate,
        @DefaultValue("7d") Duration scrubInterval,
        @DefaultValue("1m") Duration scrubDelay) {
    private static final String PREFIX = "wellspring.log.";

    public LogProperties {
        directories = List.copyOf(directories);
        checkDirectories(directories);
        longEnough("flush-interval", flushInterval, Duration.ofMillis(1));
        longEnough("retention-check-interval", retentionCheckInterval, Duration.ofMillis(1));
        longEnough("durable-mark-interval", durableMarkInterval, Duration.ofMillis(1));
        longEnough("disk-check-interval", diskCheckInterval, Duration.ofMillis(1));
        longEnough("scrub-interval", scrubInterval, Duration.ofMinutes(1));
        longEnough("scrub-delay", scrubDelay, Duration.ZERO);
        between("open-files", openFiles, 16, Integer.MAX_VALUE);
        between("recovery-threads-per-directory", recoveryThreadsPerDirectory, 1, 256);
        between("disk-hard-mark", diskHardMark.toBytes(), 0, Long.MAX_VALUE);
        between("disk-soft-mark", diskSoftMark.toBytes(), diskHardMark.toBytes(), Long.MAX_VALUE);
        between("scrub-rate", scrubRate.toBytes(), 0, Long.MAX_VALUE);
    }

    long diskSoftMarkBytes() {
        return diskSoftMark.toBytes();
    }

    long diskHardMarkBytes() {
        return diskHardMark.toBytes();
    }

    long scrubBytesPerSecond() {
        return scrubRate.toBytes();
    }

    private static void checkDirectories(List<String> directories) {
        if (directories.isEmpty() || directories.stream().anyMatch(String::isBlank)) {
            throw new StartRefusedException(
                    PREFIX + "directories=" + directories + " names no directory, or an empty one",
                    "Name at least one directory, for instance ./data.");
        }
        Set<String> different = new HashSet<>(directories);
        if (different.size() < directories.size()) {
            throw new StartRefusedException(
                    PREFIX + "directories=" + directories + " names a directory twice", "Name each directory once.");
        }
    }

    private static void longEnough(String name, Duration value, Duration least) {
        if (value.compareTo(least) < 0) {
            throw new StartRefusedException(
                    PREFIX + name + "=" + value + " is too short", "Set it to " + least + " or more.");
        }
    }

    private static void between(String name, long value, long least, long largest) {
        if (value < least || value > largest) {
            throw new StartRefusedException(
                    PREFIX + name + "=" + value + " is out of range",
                    "Set it to a value from " + least + " to " + largest + ".");
        }
    }
}
