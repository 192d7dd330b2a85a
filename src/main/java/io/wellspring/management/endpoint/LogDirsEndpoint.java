package io.wellspring.management.endpoint;

import io.wellspring.log.LogStore;
import io.wellspring.log.LogStore.DirectoryStatus;
import io.wellspring.log.PartitionLog;
import io.wellspring.partition.Partitions;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import reactor.core.publisher.Mono;

/**
 * {@code /actuator/logdirs}: the log directories, as they are set. 503 if the disk has too much to do. Threads: the management server's; file systems are
 * asked by those that read the disk for clients.
 */
@Endpoint(id = "logdirs")
final class LogDirsEndpoint {
    private final LogStore store;
    private final Partitions partitions;

    LogDirsEndpoint(LogStore store, Partitions partitions) {
        this.store = store;
        this.partitions = partitions;
    }

    /** All of them. */
    record LogDirs(List<LogDir> logDirs) {}

    /**
     * One directory.
     *
     * @param offline why it is not used any more; null: it is
     * @param totalBytes size of the volume, null if the directory is offline
     * @param usableBytes free bytes of the volume, null if the directory is offline
     * @param logs how many lie there
     * @param sizeBytes bytes of their segments
     */
    record LogDir(
            String path,
            @Nullable String offline,
            @Nullable Long totalBytes,
            @Nullable Long usableBytes,
            int logs,
            long sizeBytes) {}

    @ReadOperation
    Mono<LogDirs> all() {
        return DiskWork.on(partitions.diskReads(), store::directories)
                .map(directories -> new LogDirs(
                        directories.stream().map(LogDirsEndpoint::state).toList()));
    }

    private static LogDir state(DirectoryStatus status) {
        boolean isOnline = status.failure().isEmpty();
        return new LogDir(
                status.path(),
                isOnline ? null : status.failure(),
                isOnline ? status.totalBytes() : null,
                isOnline ? status.usableBytes() : null,
                status.logs().size(),
                status.logs().stream().mapToLong(PartitionLog::sizeBytes).sum());
    }
}
