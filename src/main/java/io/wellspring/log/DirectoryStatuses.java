package io.wellspring.log;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Asks the disks how full they are, for {@link LogStore#directories}. Threads: any that may block. */
final class DirectoryStatuses {
    private DirectoryStatuses() {}

    static List<LogStore.DirectoryStatus> of(LogFiles files, List<LogDirectory> directories) {
        List<LogStore.DirectoryStatus> status = new ArrayList<>();
        for (LogDirectory directory : directories) {
            String failure = directory.failure();
            long total = -1;
            long usable = -1;
            if (failure == null) {
                try {
                    total = files.totalBytes(directory.path());
                    usable = files.usableBytes(directory.path());
                } catch (IOException unknown) {
                    failure = "its size cannot be asked for: " + unknown.getMessage();
                }
            }
            status.add(new LogStore.DirectoryStatus(
                    directory.path().toString(), total, usable, directory.logs(), failure == null ? "" : failure));
        }
        return status;
    }
}
