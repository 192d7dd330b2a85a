package io.wellspring.partition;

import io.wellspring.batch.BatchValidator;
import io.wellspring.log.PartitionLog;
import java.time.InstantSource;
import java.util.function.Predicate;

/**
 * What every partition uses and all of them share.
 *
 * @param acceptsWrites false: the volume of this log has too little space
 */
record PartitionServices(
        ReplicationEngine engine,
        BatchValidator validator,
        Predicate<PartitionLog> acceptsWrites,
        InstantSource clock,
        PartitionMetrics metrics) {}
