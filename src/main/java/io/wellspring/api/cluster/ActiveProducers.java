package io.wellspring.api.cluster;

import io.wellspring.model.TopicPartition;
import io.wellspring.partition.ProducerStatus;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.protocol.Errors;

/** The producers that partitions remember. Threads: any. */
@FunctionalInterface
interface ActiveProducers {
    Answer of(TopicPartition partition);

    /** Producers, or why there are none to tell of. */
    sealed interface Answer {
        /** @param producers completes on any thread */
        record Known(CompletionStage<List<ProducerStatus>> producers) implements Answer {}

        record Refused(Errors error) implements Answer {}
    }
}
