package io.wellspring.partition;

import io.wellspring.batch.FileSlice;
import io.wellspring.log.LeaderEpochs;
import org.jspecify.annotations.Nullable;

/** What a reader gets. */
public sealed interface ReadOutcome {
    /**
     * @param records whole batches, null if there is nothing yet; one reference belongs to the reader
     * @param diverging set if the reader's last epoch is not the log's: where its log must be cut (KIP-595)
     */
    record Records(
            @Nullable FileSlice records,
            long highWatermark,
            long lastStableOffset,
            long logStartOffset,
            LeaderEpochs.@Nullable EpochEnd diverging)
            implements ReadOutcome {}

    /** The offsets are those that the wire carries beside the error. */
    record Refused(ReadRefusal reason, long highWatermark, long lastStableOffset, long logStartOffset)
            implements ReadOutcome {}
}
