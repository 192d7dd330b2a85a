package io.wellspring.log;

import org.jspecify.annotations.Nullable;

/**
 * What recovery knows of a log before it looks at its files.
 *
 * @param place which log, and where
 * @param checkpoint its durable mark; null if there is none
 * @param isMarkLost true if the directory's marks are missing or damaged, so that no mark means nothing; false: a log without a
 *     mark was made after the marks were written, and all of it is above the mark
 * @param wasClean the last stop was clean: the mark is the end of the log
 * @param startOffset where delete-records moved the start of the log to
 * @param toleratesHoles what is read may have been compacted, so that offsets between two segments may be missing
 */
record RecoveryInput(
        LogPlace place,
        @Nullable Checkpoint checkpoint,
        boolean isMarkLost,
        boolean wasClean,
        long startOffset,
        boolean toleratesHoles) {
    @Nullable
    DurableMark mark() {
        return checkpoint == null ? null : checkpoint.mark();
    }

    /** The same with another mark in the place of the one that there is. */
    RecoveryInput with(@Nullable DurableMark other) {
        Checkpoint now = other == null || checkpoint == null ? null : new Checkpoint(other, checkpoint.indexes());
        return new RecoveryInput(place, now, isMarkLost, wasClean, startOffset, toleratesHoles);
    }
}
