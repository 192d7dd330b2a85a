package io.wellspring.management.endpoint;

import io.wellspring.log.CompactionReport;
import io.wellspring.log.RetentionPreview;
import io.wellspring.partition.DeleteRecordsOutcome;
import io.wellspring.partition.Partition;
import io.wellspring.partition.PartitionOperations;
import io.wellspring.partition.ReadRefusal;
import io.wellspring.topic.Topic;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Carries out what an operator wants done to one partition. Threads: any; nothing blocks. */
final class PartitionActions {
    private final PartitionOperations operations;
    private final UnreadRecords unread;

    PartitionActions(PartitionOperations operations, UnreadRecords unread) {
        this.operations = operations;
        this.unread = unread;
    }

    /** What came of an action. */
    sealed interface Result {
        /** @param activeBaseOffset where the active segment begins now */
        record Rolled(long activeBaseOffset) implements Result {}

        /** @param flushedOffset everything below is on disk */
        record Flushed(long flushedOffset) implements Result {}

        /** What went, or would go. */
        record Retained(int segments, long sizeBytes, long logStartOffset) implements Result {}

        /** @param compacted null: nothing was left to be compacted */
        record Compacted(@Nullable CompactionReport compacted) implements Result {}

        /** @param damage one sentence, and the partition is offline; null: there is none */
        record Scrubbed(@Nullable String damage) implements Result {}

        /** @param paused clients' appends are refused */
        record Paused(boolean paused) implements Result {}

        /**
         * What went, or would go.
         *
         * @param records offsets that cannot be read any more
         * @param unread groups that had not read all of them
         */
        record Deleted(long logStartOffset, long records, List<UnreadRecords.Loser> unread) implements Result {}
    }

    /**
     * Does it, or only tells what it would take away.
     *
     * @param beforeOffset for {@link PartitionAction#DELETE_RECORDS}: the log's new start, -1: the high watermark
     */
    Mono<Result> carryOut(Partition partition, PartitionAction action, @Nullable Long beforeOffset, boolean onlyTells) {
        if (onlyTells && action != PartitionAction.RETENTION && action != PartitionAction.DELETE_RECORDS) {
            throw Refusals.badRequest("There is no dry run of " + action + ": it takes nothing away.");
        }
        if (beforeOffset != null && action != PartitionAction.DELETE_RECORDS) {
            throw Refusals.badRequest("beforeOffset means nothing to " + action + ".");
        }
        return begin(partition, action, beforeOffset, onlyTells)
                .onErrorMap(
                        RejectedExecutionException.class,
                        busy -> Refusals.unavailable("Too much waits to be done to " + partition + ".", busy))
                .onErrorMap(IOException.class, PartitionActions::refused);
    }

    private Mono<Result> begin(
            Partition partition, PartitionAction action, @Nullable Long beforeOffset, boolean onlyTells) {
        return switch (action) {
            case ROLL -> after(() -> operations.roll(partition).thenApply(Result.Rolled::new));
            case FLUSH -> after(() -> operations.flush(partition).thenApply(Result.Flushed::new));
            case RETENTION ->
                after(() -> operations.applyRetention(partition, onlyTells).thenApply(PartitionActions::retained));
            case COMPACT -> after(() -> operations.compact(partition).thenApply(Result.Compacted::new));
            case SCRUB -> after(() -> operations.scrub(partition).thenApply(Result.Scrubbed::new));
            case PAUSE -> paused(partition, true);
            case RESUME -> paused(partition, false);
            case DELETE_RECORDS -> deleteRecords(partition, beforeOffset, onlyTells);
        };
    }

    private static Mono<Result> after(Supplier<CompletionStage<? extends Result>> work) {
        return Mono.fromCompletionStage(work).map(result -> result);
    }

    private static Result.Retained retained(RetentionPreview gone) {
        return new Result.Retained(gone.segments(), gone.sizeBytes(), gone.logStartOffset());
    }

    private Mono<Result> paused(Partition partition, boolean stopsClients) {
        operations.pause(partition, stopsClients);
        return Mono.just(new Result.Paused(stopsClients));
    }

    private Mono<Result> deleteRecords(Partition partition, @Nullable Long beforeOffset, boolean onlyTells) {
        if (beforeOffset == null) {
            throw Refusals.badRequest(
                    "beforeOffset is missing: say where the log shall begin, -1 is the high watermark.");
        }
        if (Topic.isInternal(partition.id().topic())) {
            throw Refusals.badRequest(
                    "The broker needs the records of " + partition.id().topic() + " itself.");
        }
        long start = partition.logStartOffset();
        long target = beforeOffset == -1L ? partition.highWatermark() : beforeOffset;
        if (target < 0 || target > partition.highWatermark()) {
            throw Refusals.badRequest("beforeOffset is " + beforeOffset + ", " + partition + " has offsets " + start
                    + " to " + partition.highWatermark() + ".");
        }
        long end = Math.max(start, target);
        Mono<List<UnreadRecords.Loser>> losers = unread.losers(lag ->
                lag.partition().equals(partition.id()) ? end - Math.clamp(lag.committedOffset(), start, end) : 0L);
        return losers.flatMap(groups -> onlyTells
                ? Mono.just(new Result.Deleted(end, end - start, groups))
                : Mono.fromCompletionStage(() -> partition.deleteRecords(target))
                        .map(outcome -> deleted(partition, outcome, start, groups)));
    }

    private static Result deleted(
            Partition partition, DeleteRecordsOutcome outcome, long start, List<UnreadRecords.Loser> groups) {
        return switch (outcome) {
            case DeleteRecordsOutcome.Deleted(long newStart) ->
                new Result.Deleted(newStart, Math.max(0L, newStart - start), groups);
            case DeleteRecordsOutcome.Refused(ReadRefusal reason) ->
                throw Refusals.conflict("No records of " + partition + " were deleted: " + reason + ".");
        };
    }

    private static Throwable refused(IOException failure) {
        return Refusals.conflict(String.valueOf(failure.getMessage()));
    }
}
