package io.wellspring.partition;

import io.wellspring.support.StartRefusedException;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Partitions: the threads that write and read them, and what waits for those.
 *
 * @param shards threads that write; 0: as many as the machine has cores, at most {@value #SHARDS_BY_DEFAULT_MOST}
 * @param queueCount appends that may wait for one of them; more are refused and the client tries again
 * @param queueSize bytes that may wait for one of them
 * @param flushThreads threads that sync logs together with the one that writes, where one flush is for several of them
 * @param readThreads threads that read what is not in the page cache
 * @param readQueue reads that may wait for them; more are refused and the client tries again
 * @param maxProducers idempotent producers that one partition remembers; the one that wrote least recently is forgotten for another
 * @param producerIdExpiration an idempotent producer is forgotten after not writing for so long (Kafka's {@code producer.id.expiration.ms})
 * @param catalogQueue changes of topics and settings that may wait
 */
@ConfigurationProperties("wellspring.partition")
public record PartitionProperties(
        @DefaultValue("0") int shards,
        @DefaultValue("10000") int queueCount,
        @DefaultValue("64MB") DataSize queueSize,
        @DefaultValue("8") int flushThreads,
        @DefaultValue("4") int readThreads,
        @DefaultValue("1000") int readQueue,
        @DefaultValue("20000") int maxProducers,
        @DefaultValue("24h") Duration producerIdExpiration,
        @DefaultValue("1000") int catalogQueue) {
    static final int SHARDS_BY_DEFAULT_MOST = 4;
    private static final int SHARDS_MOST = 64;

    public PartitionProperties {
        require(
                shards >= 0 && shards <= SHARDS_MOST,
                "shards",
                shards,
                "Set it to 1 up to " + SHARDS_MOST + ", or to 0 for the number of cores.");
        require(queueCount >= 1 && queueCount <= 10_000_000, "queue-count", queueCount, "Set it to 1 up to 10000000.");
        require(queueSize.toBytes() >= 1, "queue-size", queueSize, "Set it to a size such as 64MB.");
        require(flushThreads >= 0 && flushThreads <= 256, "flush-threads", flushThreads, "Set it to 0 up to 256.");
        require(readThreads >= 1 && readThreads <= 256, "read-threads", readThreads, "Set it to 1 up to 256.");
        require(readQueue >= 1, "read-queue", readQueue, "Set it to 1 or more.");
        require(maxProducers >= 1, "max-producers", maxProducers, "Set it to 1 or more.");
        require(
                producerIdExpiration.isPositive(),
                "producer-id-expiration",
                producerIdExpiration,
                "Set it to a time such as 24h.");
        require(catalogQueue >= 1, "catalog-queue", catalogQueue, "Set it to 1 or more.");
    }

    /** The number of shards on a machine with so many cores. */
    int shardCount(int cores) {
        return shards > 0 ? shards : Math.clamp(cores, 1, SHARDS_BY_DEFAULT_MOST);
    }

    private static void require(boolean isFine, String name, Object value, String remedy) {
        if (!isFine) {
            throw new StartRefusedException("wellspring.partition." + name + " is '" + value + "'.", remedy);
        }
    }
}
