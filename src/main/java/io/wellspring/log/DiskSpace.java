package io.wellspring.log;

import java.io.IOException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether there is room to write. Below the soft mark topics are refused, below the hard mark internal topics too, so that groups can
 * still commit while clients are turned away; reads and deletion go on. The fullest disk decides, and room that comes back is noticed at the next look.
 * Threads: {@link #look} one, the rest any.
 */
final class DiskSpace {
    private static final Logger LOG = LoggerFactory.getLogger(DiskSpace.class);

    private final LogFiles files;
    private final List<LogDirectory> directories;
    private final long softBytes;
    private final long hardBytes;
    private volatile boolean acceptsTopics = true;
    private volatile boolean acceptsInternal = true;

    DiskSpace(LogFiles files, List<LogDirectory> directories, long softBytes, long hardBytes) {
        this.files = files;
        this.directories = directories;
        this.softBytes = softBytes;
        this.hardBytes = hardBytes;
    }

    boolean acceptsWrites(boolean isInternal) {
        return isInternal ? acceptsInternal : acceptsTopics;
    }

    void look() {
        long least = Long.MAX_VALUE;
        for (LogDirectory directory : directories) {
            if (directory.failure() == null) {
                try {
                    least = Math.min(least, files.usableBytes(directory.path()));
                } catch (IOException failure) {
                    directory.fail("its free space cannot be asked for: " + failure.getMessage());
                }
            }
        }
        boolean acceptsTopicsNow = least >= softBytes;
        if (acceptsTopicsNow != acceptsTopics) {
            if (acceptsTopicsNow) {
                LOG.info("There is room on the disk again, writes are accepted: usableBytes={}", least);
            } else {
                LOG.error("The disk is nearly full, writes are refused: usableBytes={} softMark={}", least, softBytes);
            }
        }
        acceptsTopics = acceptsTopicsNow;
        acceptsInternal = least >= hardBytes;
    }
}
