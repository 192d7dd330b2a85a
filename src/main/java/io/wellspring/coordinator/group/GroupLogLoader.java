package io.wellspring.coordinator.group;

import io.wellspring.batch.Batches;
import io.wellspring.batch.FileSlice;
import io.wellspring.batch.RecordBatch;
import io.wellspring.batch.RecordCursor;
import io.wellspring.batch.UnreadableRecordsException;
import io.wellspring.batch.compression.DecompressionBounds;
import io.wellspring.model.IsolationLevel;
import io.wellspring.partition.Partition;
import io.wellspring.partition.Partitions;
import io.wellspring.partition.ReadOutcome;
import io.wellspring.partition.ReadRequest;
import io.wellspring.support.RoleThreads;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.IntConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.requests.TransactionResult;
import org.apache.kafka.coordinator.common.runtime.CoordinatorLoader;
import org.apache.kafka.coordinator.common.runtime.CoordinatorPlayback;
import org.apache.kafka.coordinator.common.runtime.CoordinatorRecord;
import org.apache.kafka.coordinator.common.runtime.CoordinatorRecordSerde;
import org.apache.kafka.coordinator.common.runtime.Deserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Replays a partition of the offsets topic into the library's state machine, from the log's start to its committed end. Threads: any;
 * {@code wellspring-groups-load-N} do the work and read the disk.
 */
final class GroupLogLoader implements CoordinatorLoader<CoordinatorRecord> {
    private static final Logger LOG = LoggerFactory.getLogger(GroupLogLoader.class);

    private final Partitions partitions;
    private final CoordinatorRecordSerde serde;
    private final DecompressionBounds bounds;
    private final int bufferSizeBytes;
    private final InstantSource clock;
    private final IntConsumer onFailure;
    private final ExecutorService executor;

    /**
     * @param bufferSizeBytes read at once; a larger batch is read whole all the same
     * @param onFailure hears of a partition that could not be replayed: the library gives it up until it is elected anew; returns at once
     */
    GroupLogLoader(
            Partitions partitions,
            CoordinatorRecordSerde serde,
            DecompressionBounds bounds,
            int bufferSizeBytes,
            int threads,
            InstantSource clock,
            IntConsumer onFailure) {
        this.partitions = partitions;
        this.serde = serde;
        this.bounds = bounds;
        this.bufferSizeBytes = bufferSizeBytes;
        this.clock = clock;
        this.onFailure = onFailure;
        this.executor = Executors.newFixedThreadPool(threads, new RoleThreads("groups-load"));
    }

    @Override
    public CompletableFuture<LoadSummary> load(TopicPartition name, CoordinatorPlayback<CoordinatorRecord> playback) {
        CompletableFuture<LoadSummary> result = new CompletableFuture<>();
        long askedMs = clock.millis();
        try {
            executor.execute(() -> {
                try {
                    result.complete(new Load(name, playback, askedMs).run());
                } catch (IOException | UnreadableRecordsException | RuntimeException | Error failure) {
                    // An error, too, such as memory that runs out: who waits for the answer would wait for ever.
                    result.completeExceptionally(failure);
                    if (!executor.isShutdown()) {
                        onFailure.accept(name.partition());
                    }
                }
            });
        } catch (RejectedExecutionException closed) {
            result.completeExceptionally(new IllegalStateException("the broker is stopping", closed));
        }
        return result;
    }

    /** One partition being replayed. */
    private final class Load {
        private final TopicPartition name;
        private final CoordinatorPlayback<CoordinatorRecord> playback;
        private final long askedMs;
        private long recordCount;
        private long sizeBytes;

        /** As large as what has been read at once: most partitions are empty or small. */
        private ByteBuffer buffer = ByteBuffer.allocate(0);

        Load(TopicPartition name, CoordinatorPlayback<CoordinatorRecord> playback, long askedMs) {
            this.name = name;
            this.playback = playback;
            this.askedMs = askedMs;
        }

        LoadSummary run() throws IOException, UnreadableRecordsException {
            long begunMs = clock.millis();
            Partition partition = partitions.find(LibraryNames.of(name));
            if (partition == null) {
                throw new NotLeaderOrFollowerException(name + " is not here");
            }
            // What was written before and is not committed yet would be missing, and come into the log all the same.
            partition.settled().toCompletableFuture().join();
            long offset = partition.logStartOffset();
            while (offset < partition.highWatermark()) {
                if (executor.isShutdown()) {
                    throw new IllegalStateException("the broker is stopping");
                }
                long next = readFrom(partition, offset);
                if (next <= offset) {
                    throw new IOException(name + " cannot be read at offset " + offset);
                }
                offset = next;
                // What was read is committed: no older state will be asked for.
                playback.updateLastWrittenOffset(offset);
                playback.updateLastCommittedOffset(offset);
            }
            return new LoadSummary(begunMs, clock.millis(), begunMs - askedMs, recordCount, sizeBytes);
        }

        private long readFrom(Partition partition, long offset) throws IOException, UnreadableRecordsException {
            ReadOutcome outcome = partition.read(
                    new ReadRequest(offset, -1, -1, IsolationLevel.READ_UNCOMMITTED, bufferSizeBytes, true));
            return switch (outcome) {
                case ReadOutcome.Refused refused ->
                    throw new NotLeaderOrFollowerException(name + " cannot be read: " + refused.reason());
                case ReadOutcome.Records records -> {
                    FileSlice slice = records.records();
                    yield slice == null ? offset : replay(slice, offset);
                }
            };
        }

        private long replay(FileSlice slice, long offset) throws IOException, UnreadableRecordsException {
            try {
                if (slice.sizeBytes() > buffer.capacity()) {
                    buffer = ByteBuffer.allocate(slice.sizeBytes());
                }
                buffer.clear();
                slice.read(buffer, 0);
                buffer.flip();
            } finally {
                slice.release();
            }
            sizeBytes += buffer.remaining();
            long next = offset;
            for (RecordBatch batch : Batches.list(buffer)) {
                if (batch.lastOffset() >= next) {
                    replay(batch, next);
                    next = batch.nextOffset();
                }
            }
            return next;
        }

        private void replay(RecordBatch batch, long from) throws IOException, UnreadableRecordsException {
            if (!batch.isCrcValid()) {
                throw new IOException(name + " is damaged: checksum of the batch at offset " + batch.baseOffset());
            }
            try (RecordCursor records = RecordCursor.over(batch, bounds)) {
                while (records.next()) {
                    if (records.offset() >= from) {
                        recordCount++;
                        replay(batch, records);
                    }
                }
            }
        }

        private void replay(RecordBatch batch, RecordCursor record) {
            ByteBuffer key = record.key();
            if (batch.isControl()) {
                replayMarker(batch, key);
                return;
            }
            CoordinatorRecord decoded;
            try {
                decoded = serde.deserialize(key, record.value());
            } catch (Deserializer.UnknownRecordTypeException newer) {
                LOG.warn(
                        "A record of a type that this version does not know is passed over: partition={} offset={} type={}",
                        name,
                        record.offset(),
                        newer.unknownType());
                return;
            }
            playback.replay(record.offset(), batch.producerId(), batch.producerEpoch(), decoded);
        }

        private void replayMarker(RecordBatch batch, @Nullable ByteBuffer key) {
            if (key == null) {
                return;
            }
            switch (ControlRecordType.parse(key)) {
                case COMMIT ->
                    playback.replayEndTransactionMarker(
                            batch.producerId(), batch.producerEpoch(), TransactionResult.COMMIT);
                case ABORT ->
                    playback.replayEndTransactionMarker(
                            batch.producerId(), batch.producerEpoch(), TransactionResult.ABORT);
                case LEADER_CHANGE, SNAPSHOT_HEADER, SNAPSHOT_FOOTER, KRAFT_VERSION, KRAFT_VOTERS, UNKNOWN -> {
                    // Says nothing about groups.
                }
            }
        }
    }

    @Override
    public void close() {
        executor.shutdown();
    }
}
