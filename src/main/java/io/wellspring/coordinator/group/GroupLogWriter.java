package io.wellspring.coordinator.group;

import io.wellspring.model.TopicPartition;
import io.wellspring.partition.AppendOutcome;
import io.wellspring.partition.AppendRefusal;
import io.wellspring.partition.DeleteRecordsOutcome;
import io.wellspring.partition.Partition;
import io.wellspring.partition.Partitions;
import io.wellspring.partition.ShardListener;
import io.wellspring.partition.WrittenThenCommitted;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.IntConsumer;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.errors.NotEnoughReplicasException;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.coordinator.common.runtime.PartitionWriter;
import org.apache.kafka.storage.internals.log.LogConfig;
import org.apache.kafka.storage.internals.log.VerificationGuard;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The library's way into the log. Its state machine runs ahead of the log: {@link #append} answers when the records are written, and the
 * library answers its clients when the high watermark, told through its listener, has passed them. If the disk fails in between, the
 * partition's groups are given up, and the clients that wait hear of it.
 *
 * <p>Threads: {@link #append} the library's, which it blocks until the shard's owner has written: not until the fsync of
 * these records, but perhaps behind that of earlier ones; the high watermark comes on the shard's owner.
 */
final class GroupLogWriter implements PartitionWriter, ShardListener {
    private static final Logger LOG = LoggerFactory.getLogger(GroupLogWriter.class);

    private final Partitions partitions;
    private final IntConsumer onLoss;
    private final Map<TopicPartition, Listener> listeners = new ConcurrentHashMap<>();

    /** The one made last: all partitions have the same, and making one costs more than writing a batch. */
    private volatile @Nullable LogConfig config;

    /** @param onLoss hears of a partition of the offsets topic whose written records will not be committed; returns at once */
    GroupLogWriter(Partitions partitions, IntConsumer onLoss) {
        this.partitions = partitions;
        this.onLoss = onLoss;
    }

    @Override
    public void registerListener(org.apache.kafka.common.TopicPartition partition, Listener listener) {
        listeners.put(LibraryNames.of(partition), listener);
    }

    @Override
    public void deregisterListener(org.apache.kafka.common.TopicPartition partition, Listener listener) {
        listeners.remove(LibraryNames.of(partition), listener);
    }

    @Override
    public void highWatermarkMoved(TopicPartition partition, long highWatermark) {
        Listener listener = listeners.get(partition);
        if (listener == null) {
            return;
        }
        try {
            listener.onHighWatermarkUpdated(LibraryNames.of(partition), highWatermark);
        } catch (RejectedExecutionException closing) {
            LOG.debug("The coordinator of groups stops and hears of no more commits: partition={}", partition);
        } catch (RuntimeException bug) {
            // The shard must not stop with the library: others' records go through it, too.
            LOG.error("The coordinator of groups could not be told of a commit: partition={}", partition, bug);
        }
    }

    /** What the library asks of it, for every batch: how large one may be. */
    @Override
    public LogConfig config(org.apache.kafka.common.TopicPartition partition) {
        int maxMessageBytes = find(partition).settings().maxMessageBytes();
        LogConfig known = config;
        if (known == null || known.maxMessageSize() != maxMessageBytes) {
            known = new LogConfig(Map.of("max.message.bytes", maxMessageBytes));
            config = known;
        }
        return known;
    }

    @Override
    public long append(
            org.apache.kafka.common.TopicPartition name,
            VerificationGuard guard,
            MemoryRecords records,
            short transactionVersion) {
        Partition partition = find(name);
        // The library takes its buffer back when this returns; the log may look at the headers until the commit.
        ByteBuffer source = records.buffer().duplicate();
        ByteBuffer copy = ByteBuffer.allocate(source.remaining()).put(source).flip();
        WrittenThenCommitted append = partition.appendOwn(copy);
        long nextOffset = append.written().toCompletableFuture().join();
        if (nextOffset < 0) {
            if (append.committed().toCompletableFuture().join() instanceof AppendOutcome.Refused refused) {
                throw exceptionOf(refused);
            }
            throw new IllegalStateException("neither written nor refused: " + name);
        }
        append.committed().thenAccept(outcome -> {
            if (outcome instanceof AppendOutcome.Refused refused) {
                LOG.error(
                        "Groups are given up, their records were written and cannot be committed: partition={} reason={} message={}",
                        name,
                        refused.reason(),
                        refused.message());
                onLoss.accept(name.partition());
            }
        });
        return nextOffset;
    }

    /** Of the exceptions that the library knows, the one that sends the client where it has to go. */
    private static ApiException exceptionOf(AppendOutcome.Refused refused) {
        AppendRefusal reason = refused.reason();
        String message = refused.message();
        return switch (reason) {
            case NOT_LEADER -> new NotLeaderOrFollowerException(message);
            case LOG_OFFLINE, DISK_FULL -> new KafkaStorageException(message);
            case NOT_ENOUGH_REPLICAS -> new NotEnoughReplicasException(message);
            case RECORD_TOO_LARGE, BATCHES_TOO_LARGE -> new RecordTooLargeException(message);
            case QUEUE_FULL, TIMED_OUT -> new TimeoutException(message);
            case PAUSED,
                    CORRUPT,
                    INVALID_RECORD,
                    INVALID_TIMESTAMP,
                    UNSUPPORTED_COMPRESSION,
                    OUT_OF_ORDER_SEQUENCE,
                    INVALID_PRODUCER_EPOCH,
                    UNKNOWN_PRODUCER_ID,
                    INVALID_TRANSACTION_STATE ->
                throw new IllegalStateException(
                        "the coordinator's own records are refused: " + reason + ", " + message);
        };
    }

    private Partition find(org.apache.kafka.common.TopicPartition name) {
        Partition partition = partitions.find(LibraryNames.of(name));
        if (partition == null) {
            throw new NotLeaderOrFollowerException(name + " is not here");
        }
        return partition;
    }

    /** Offsets committed inside transactions: no API of this broker asks for them yet. */
    @Override
    public CompletableFuture<VerificationGuard> maybeStartTransactionVerification(
            org.apache.kafka.common.TopicPartition partition,
            String transactionalId,
            long producerId,
            short producerEpoch,
            int apiVersion) {
        return CompletableFuture.failedFuture(
                new UnsupportedOperationException("transactions are not served by this broker"));
    }

    @Override
    public CompletableFuture<Void> deleteRecords(org.apache.kafka.common.TopicPartition name, long beforeOffset) {
        return find(name).deleteRecords(beforeOffset).toCompletableFuture().thenAccept(outcome -> {
            if (outcome instanceof DeleteRecordsOutcome.Refused refused) {
                throw new NotLeaderOrFollowerException(name + " refuses to delete records: " + refused.reason());
            }
        });
    }
}
