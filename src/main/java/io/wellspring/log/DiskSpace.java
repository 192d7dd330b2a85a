package io.wellspring.log;

import java.io.IOException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether there is room to write, for each log directory by itself. Below the soft mark topics are refused, below the hard mark internal
 * topics too, so that groups can still commit while clients are turned away; reads and deletion go on. Room that comes back is noticed
 * at the next look. Threads: {@link #look} one, the rest any.
 */
final class DiskSpace {
    private static final Logger LOG = LoggerFactory.getLogger(DiskSpace.class);

    private final LogFiles files;
    private final long softBytes;
    private final long hardBytes;
    private final Map<LogDirectory, Room> rooms;

    /** Logs that are being made there; guarded by this. */
    private final Map<LogDirectory, Integer> beingMade = new HashMap<>();

    DiskSpace(LogFiles files, List<LogDirectory> directories, long softBytes, long hardBytes) {
        this.files = files;
        this.softBytes = softBytes;
        this.hardBytes = hardBytes;
        Map<LogDirectory, Room> all = new HashMap<>();
        directories.forEach(directory -> all.put(directory, new Room()));
        this.rooms = Map.copyOf(all);
    }

    private static final class Room {
        private volatile boolean takesTopics = true;
        private volatile boolean takesInternal = true;
    }

    boolean acceptsWrites(LogDirectory directory, boolean isInternal) {
        Room room = rooms.get(directory);
        return room == null || (isInternal ? room.takesInternal : room.takesTopics);
    }

    /** Where the next log goes; {@link #made} ends it. Logs of one topic are made at the same time: each counts from here on. */
    synchronized LogDirectory reserve(List<LogDirectory> directories) throws IOException {
        LogDirectory directory = directories.stream()
                .filter(candidate -> candidate.failure() == null)
                .min(Comparator.comparing((LogDirectory candidate) -> !acceptsWrites(candidate, false))
                        .thenComparingInt(this::partitionCount))
                .orElseThrow(() -> new IOException("no log directory is online"));
        beingMade.merge(directory, 1, Integer::sum);
        return directory;
    }

    synchronized void made(LogDirectory directory) {
        beingMade.merge(directory, -1, Integer::sum);
    }

    private int partitionCount(LogDirectory directory) {
        return directory.partitionCount() + beingMade.getOrDefault(directory, 0);
    }

    void look() {
        rooms.forEach((directory, room) -> {
            if (directory.failure() == null) {
                try {
                    note(directory, room, files.usableBytes(directory.path()));
                } catch (IOException failure) {
                    directory.fail("its free space cannot be asked for: " + failure.getMessage());
                }
            }
        });
    }

    private void note(LogDirectory directory, Room room, long usableBytes) {
        boolean takesTopics = usableBytes >= softBytes;
        if (takesTopics != room.takesTopics) {
            if (takesTopics) {
                LOG.info(
                        "There is room on the disk again, writes are accepted: directory={} usableBytes={}",
                        directory,
                        usableBytes);
            } else {
                LOG.error(
                        "The disk is nearly full, writes are refused: directory={} usableBytes={} softMark={}",
                        directory,
                        usableBytes,
                        softBytes);
            }
        }
        room.takesTopics = takesTopics;
        room.takesInternal = usableBytes >= hardBytes;
    }
}
