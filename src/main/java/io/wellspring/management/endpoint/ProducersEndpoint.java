package io.wellspring.management.endpoint;

import io.wellspring.partition.Partition;
import io.wellspring.partition.Partitions;
import io.wellspring.partition.ProducerStatus;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import reactor.core.publisher.Mono;

/**
 * {@code /actuator/producers/{topic}/{partition}}: the idempotent producers that a partition remembers, and since which offset each has a transaction open,
 * in pages. 503 if the partition's shard has too much to do. Threads: the management server's.
 */
@Endpoint(id = "producers")
final class ProducersEndpoint {
    private final Partitions partitions;

    ProducersEndpoint(Partitions partitions) {
        this.partitions = partitions;
    }

    /**
     * Some producers.
     *
     * @param next to be given as {@code after}; null: there are no more
     */
    record ProducerPage(
            String topic,
            int partition,
            List<ProducerState> producers,
            @Nullable String next) {}

    /**
     * One producer.
     *
     * @param lastSequence sequence number of its last record; -1: none is known
     * @param lastTime time of its last batch, null: unknown
     * @param openTransactionOffset first offset of its open transaction; null: it has none
     */
    record ProducerState(
            long producerId,
            int producerEpoch,
            int lastSequence,
            @Nullable Instant lastTime,
            @Nullable Long openTransactionOffset) {}

    /**
     * The producers of one partition by id.
     *
     * @param after only those with larger ids
     * @param limit how many, 1 to 1000, 100 unless it is given
     */
    @ReadOperation
    Mono<ProducerPage> of(
            @Selector String topic, @Selector int partition, @Nullable Long after, @Nullable Integer limit) {
        Partition found = PartitionNames.find(partitions, topic, partition);
        int most = Page.limit(limit);
        return Mono.fromCompletionStage(found::producers)
                .onErrorMap(
                        RejectedExecutionException.class,
                        busy -> Refusals.unavailable("Too much waits to be written to this partition's shard.", busy))
                .map(producers -> page(found, producers, after, most));
    }

    private static ProducerPage page(
            Partition partition, List<ProducerStatus> producers, @Nullable Long after, int limit) {
        Page<ProducerStatus> page = Page.of(
                producers.stream()
                        .filter(producer -> after == null || producer.producerId() > after)
                        .sorted(Comparator.comparingLong(ProducerStatus::producerId)),
                limit,
                producer -> Long.toString(producer.producerId()));
        return new ProducerPage(
                partition.id().topic(), partition.id().partition(), page.map(ProducersEndpoint::state), page.next());
    }

    private static ProducerState state(ProducerStatus producer) {
        long openAt = producer.currentTransactionStartOffset();
        return new ProducerState(
                producer.producerId(),
                producer.producerEpoch(),
                producer.lastSequence(),
                producer.lastTimestampMs() < 0 ? null : Instant.ofEpochMilli(producer.lastTimestampMs()),
                openAt < 0 ? null : openAt);
    }
}
