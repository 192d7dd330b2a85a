package io.wellspring.partition;

import io.wellspring.batch.BatchValidator;
import io.wellspring.log.PartitionLog;
import java.time.InstantSource;

/**
 * What every partition uses and all of them share.
 *
 * @param disk says whether there is room
 */
record PartitionServices(
        ReplicationEngine engine,
        BatchValidator validator,
        DiskGate disk,
        InstantSource clock,
        PartitionMetrics metrics) {
    /** Whether the disk of a log takes writes. */
    @FunctionalInterface
    interface DiskGate {
        /** @param isInternal asked for a topic of the broker itself, which may write for longer */
        boolean acceptsWrites(PartitionLog log, boolean isInternal);
    }
}
