package io.wellspring.partition;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The two moments of an append that this broker made itself.
 *
 * @param written the offset after the last record once the log has it, -1 if it was refused
 * @param committed how it ended; refuses what was written if the disk fails before the commit
 */
public record WrittenThenCommitted(CompletionStage<Long> written, CompletionStage<AppendOutcome> committed) {
    static WrittenThenCommitted refused(CompletionStage<AppendOutcome> refusal) {
        return new WrittenThenCommitted(CompletableFuture.completedFuture(-1L), refusal);
    }
}
