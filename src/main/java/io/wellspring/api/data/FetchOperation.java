package io.wellspring.api.data;

import io.wellspring.api.ConnectionRefusedException;
import io.wellspring.api.RequestContext;
import io.wellspring.batch.FileSlice;
import io.wellspring.model.IsolationLevel;
import io.wellspring.partition.Partition;
import io.wellspring.protocol.FileSliceRecords;
import io.wellspring.support.Timers.Cancellable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * One fetch request from its first look at the partitions to its answer. It answers at once if it found enough, if a partition refuses or
 * diverges, or if it does not want to wait; else it waits for the partitions to change until there is enough or its time is up. It is
 * never asleep over data: it listens first and looks again afterwards. When it ends, however it ends, it listens to nothing any more, no
 * timer of it is left and every slice is in the answer or given back.
 *
 * <p>Threads: the connection's event loop, but for {@link #changed} (any) and {@link #readFromDisk} (a disk thread, while the
 * event loop keeps its hands off).
 */
final class FetchOperation {
    /** How long a cold read waits when all disk threads are busy and their queue is full. */
    private static final Duration DISK_BUSY_PAUSE = Duration.ofMillis(20);

    private static final short FIRST_VERSION_WITH_ZSTD = 10;

    private final FetchRoom room;
    private final RequestContext context;
    private final FetchContext session;
    private final List<FetchWish> wishes;
    private final Terms terms;
    private final long begunNanos;
    private final CompletableFuture<FetchResponseData> result = new CompletableFuture<>();
    private final AtomicBoolean isCheckQueued = new AtomicBoolean();
    private final List<Watch> watches = new ArrayList<>();
    private boolean isWaiting;
    private @Nullable Cancellable pause;
    private Runnable forgetConnection = () -> {};

    /**
     * What the client asks of the answer as a whole, our own limits applied.
     *
     * @param minBytes answers at once with this much
     * @param maxBytes allowance; the first batch may exceed it
     * @param maxWait answers with what there is after this time
     */
    record Terms(IsolationLevel isolation, int minBytes, int maxBytes, Duration maxWait) {}

    /** A partition that a waiting fetch listens to. */
    private record Watch(FetchWish wish, Partition partition, int leaderEpoch, Runnable stop) {}

    FetchOperation(FetchRoom room, RequestContext context, FetchContext session, List<FetchWish> wishes, Terms terms) {
        this.room = room;
        this.context = context;
        this.session = session;
        this.wishes = wishes;
        this.terms = terms;
        this.begunNanos = room.ticker().nanos();
    }

    CompletionStage<FetchResponseData> start() {
        forgetConnection = context.connection().whenClosed(() -> onEventLoop(this::abandon));
        attempt(false);
        return result;
    }

    /** @param isLast answers with whatever there is */
    private void attempt(boolean isLast) {
        if (result.isDone()) {
            return;
        }
        if (FetchPass.isHot(room.lookup(), wishes)) {
            judge(read(false), isLast);
            return;
        }
        try {
            room.diskReads().get().execute(() -> readFromDisk(isLast));
        } catch (RejectedExecutionException e) {
            if (elapsed().compareTo(terms.maxWait().plus(DISK_BUSY_PAUSE)) < 0) {
                pause = context.connection().eventLoop().after(DISK_BUSY_PAUSE, guarded(() -> attempt(isLast)));
            } else {
                judge(read(true), true); // the hot partitions; the client asks again for the others
            }
        }
    }

    private Duration elapsed() {
        return Duration.ofNanos(room.ticker().nanos() - begunNanos);
    }

    private FetchPass read(boolean skipsCold) {
        return FetchPass.read(
                room.lookup(),
                wishes,
                new FetchPass.Plan(
                        terms.isolation(),
                        terms.maxBytes(),
                        context.apiVersion() >= FIRST_VERSION_WITH_ZSTD,
                        skipsCold));
    }

    private void readFromDisk(boolean isLast) {
        FetchPass pass;
        try {
            pass = read(false);
        } catch (RuntimeException | InternalError e) {
            // InternalError is how a mapped index tells of a sector that cannot be read.
            onEventLoop(() -> fail(e));
            return;
        }
        try {
            for (FetchPass.Read read : pass.reads()) {
                FileSlice slice = read.slice();
                if (slice != null) {
                    room.warmer().warm(slice);
                }
            }
            if (!onEventLoop(() -> judge(pass, isLast))) {
                pass.release();
            }
        } catch (IOException e) {
            pass.release();
            onEventLoop(() -> fail(new UncheckedIOException(e)));
        }
    }

    private void judge(FetchPass pass, boolean isLast) {
        if (result.isDone()) {
            pass.release();
        } else if (isLast
                || pass.isUrgent()
                || pass.sizeBytes() >= terms.minBytes()
                || terms.maxWait().isZero()
                || pass.isBarren()) {
            answer(pass);
        } else {
            List<FetchPass.Read> reads = List.copyOf(pass.reads());
            pass.release();
            listen(reads);
        }
    }

    private void listen(List<FetchPass.Read> reads) {
        isWaiting = true;
        for (FetchPass.Read read : reads) {
            Partition partition = read.partition();
            if (partition != null) {
                watches.add(new Watch(
                        read.wish(), partition, partition.leaderEpoch(), partition.whenChanged(this::changed)));
            }
        }
        Duration left = terms.maxWait().minus(elapsed());
        pause = context.connection()
                .eventLoop()
                .after(left.isNegative() ? Duration.ZERO : left, guarded(this::timeIsUp));
        check();
    }

    /** Told by a partition, on any thread: looks again on the event loop, once for any number of calls until then. */
    private void changed() {
        if (isCheckQueued.compareAndSet(false, true)) {
            onEventLoop(this::check);
        }
    }

    private void check() {
        isCheckQueued.set(false);
        if (isWaiting && isSatisfied()) {
            stopListening();
            attempt(true);
        }
    }

    private void timeIsUp() {
        if (isWaiting) {
            stopListening();
            attempt(true);
        }
    }

    private boolean isSatisfied() {
        long available = 0;
        for (Watch watch : watches) {
            if (mustLookAgain(watch)) {
                return true;
            }
            available += availableBytes(watch);
        }
        return available >= terms.minBytes();
    }

    private boolean mustLookAgain(Watch watch) {
        Partition partition = watch.partition();
        boolean isStillThere = room.lookup().find(watch.wish().key()) instanceof PartitionLookup.Here(Partition found)
                && found == partition;
        long fetchOffset = watch.wish().fetchOffset();
        return !isStillThere
                || !partition.isLeader()
                || partition.offlineReason() != null
                || partition.leaderEpoch() != watch.leaderEpoch()
                || fetchOffset < partition.logStartOffset()
                || fetchOffset > partition.logEndOffset();
    }

    private long availableBytes(Watch watch) {
        Partition partition = watch.partition();
        long fetchOffset = watch.wish().fetchOffset();
        long endOffset = terms.isolation() == IsolationLevel.READ_COMMITTED
                ? partition.lastStableOffset()
                : partition.highWatermark();
        if (fetchOffset >= endOffset) {
            return 0;
        }
        // The index knows sizes only about; a record that is there counts for something, or min.bytes=1 would sleep
        // over it.
        long bytes = Math.max(1, partition.bytesAvailable(fetchOffset, terms.isolation()));
        return Math.min(bytes, Math.max(0, watch.wish().maxBytes()));
    }

    private void stopListening() {
        isWaiting = false;
        watches.forEach(watch -> watch.stop().run());
        watches.clear();
        Cancellable timer = pause;
        if (timer != null) {
            timer.cancel();
            pause = null;
        }
    }

    private void answer(FetchPass pass) {
        end();
        Map<FetchKey, PartitionData> answers;
        try {
            answers = room.answers().of(context, terms.isolation(), pass);
        } catch (RuntimeException e) {
            pass.release();
            throw e;
        }
        pass.handOver();
        FetchContext.Told told = FetchContext.tell(room.sessions(), session, answers);
        FetchResponseData response = room.answers().response(context, told, answers);
        if (told.error() != Errors.NONE) {
            FileSliceRecords.release(response);
            response.responses().clear();
        }
        result.complete(response);
    }

    private void abandon() {
        end();
        result.completeExceptionally(
                new ConnectionRefusedException("the connection was closed while its fetch waited"));
    }

    private void fail(Throwable failure) {
        end();
        result.completeExceptionally(failure);
    }

    private void end() {
        stopListening();
        forgetConnection.run();
    }

    /**
     * Runs the task on the event loop.
     *
     * @return false if the loop has ended; the operation has ended with it
     */
    private boolean onEventLoop(Runnable task) {
        try {
            context.connection().eventLoop().execute(guarded(task));
            return true;
        } catch (RejectedExecutionException e) {
            // The loop is gone for good and so is every other thread's reason to touch this operation.
            abandon();
            return false;
        }
    }

    private Runnable guarded(Runnable task) {
        return () -> {
            try {
                task.run();
            } catch (RuntimeException | InternalError e) {
                fail(e);
            }
        };
    }
}
