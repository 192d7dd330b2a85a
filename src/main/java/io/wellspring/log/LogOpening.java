package io.wellspring.log;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a log begins with: made by whoever has recovered it, or for a new one.
 *
 * @param place which log, in a directory that exists
 * @param segments in order of base offsets, at least one; the last one is written to
 * @param startOffset first offset that readers may ask for
 * @param epochs as read from disk, nothing at or above the end offset
 * @param derived what is derived from the log; see {@link PartitionLog#restoreDerivedState}
 * @param mark what is durable: all of it after a clean stop or a recovery
 * @param checkpoint the mark as it was found written, or as it is to be written next
 * @param offlineReason why the log serves nothing: damage that recovery found; null if there is none
 */
record LogOpening(
        LogPlace place,
        List<Segment> segments,
        long startOffset,
        LeaderEpochs epochs,
        DerivedState derived,
        DurableMark mark,
        Checkpoint checkpoint,
        @Nullable String offlineReason) {}
