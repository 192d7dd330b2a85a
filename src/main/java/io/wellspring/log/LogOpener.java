package io.wellspring.log;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Makes the {@link PartitionLog} of what recovery found, or of nothing. Touches no file of a log that is opened: segments, indexes and
 * snapshots are opened at first use. Threads: any.
 */
final class LogOpener {
    private final LogSurroundings surroundings;

    LogOpener(LogSurroundings surroundings) {
        this.surroundings = surroundings;
    }

    /**
     * A log that lies on disk. Its derived state is not there before {@link PartitionLog#restoreDerivedState}. Recovery has deleted the index
     * files of every segment at or above the one that held the durable mark, unless the stop was clean: in a power cut they may be
     * behind their segment in ways that nothing tells.
     */
    PartitionLog open(LogPlace place, LogSettings settings, RecoveredLog.Whole found, DerivedState derived) {
        SegmentContext context = context(settings);
        List<Segment> segments = new ArrayList<>(found.segments().size());
        for (RecoveredLog.SegmentOnDisk segment : found.segments()) {
            Checkpoint checkpoint = found.checkpoint();
            boolean isMarked = checkpoint.mark().segmentBaseOffset() == segment.baseOffset();
            segments.add(Segment.open(
                    context,
                    new SegmentPaths(place.directory(), segment.baseOffset()),
                    new Segment.End(segment.nextOffset(), segment.sizeBytes()),
                    isMarked ? checkpoint : null));
        }
        return log(
                context,
                new LogOpening(
                        place,
                        segments,
                        found.startOffset(),
                        epochs(place, found.epochs()),
                        derived,
                        found.mark(),
                        found.checkpoint(),
                        null));
    }

    /** A new log in a directory that exists: one empty segment from this offset on, durable when it returns. */
    PartitionLog create(LogPlace place, LogSettings settings, long startOffset, DerivedState derived)
            throws IOException {
        SegmentContext context = context(settings);
        Segment first = Segment.create(context, new SegmentPaths(place.directory(), startOffset));
        context.files().syncDirectory(place.directory());
        DurableMark mark = DurableMark.atStartOf(startOffset, startOffset, List.of());
        return log(
                context,
                new LogOpening(
                        place,
                        List.of(first),
                        startOffset,
                        epochs(place, List.of()),
                        derived,
                        mark,
                        new Checkpoint(mark, null),
                        null));
    }

    /** A log that serves nothing: recovery found it damaged and has left its files as they are. */
    PartitionLog offline(LogPlace place, LogSettings settings, String reason, DerivedState derived) {
        SegmentContext context = context(settings);
        Segment none = Segment.open(context, new SegmentPaths(place.directory(), 0L), new Segment.End(0L, 0L), null);
        DurableMark mark = DurableMark.atStartOf(0L, 0L, List.of());
        return log(
                context,
                new LogOpening(
                        place,
                        List.of(none),
                        0L,
                        epochs(place, List.of()),
                        derived,
                        mark,
                        new Checkpoint(mark, null),
                        reason));
    }

    private PartitionLog log(SegmentContext context, LogOpening opening) {
        return new PartitionLog(context, surroundings.keeper(), opening);
    }

    private SegmentContext context(LogSettings settings) {
        LogEnvironment environment = surroundings.environment();
        return new SegmentContext(
                environment.files(),
                surroundings.openFiles(),
                surroundings.clock(),
                environment.ticker(),
                environment.metrics(),
                environment.bounds(),
                new AtomicReference<>(settings));
    }

    private LeaderEpochs epochs(LogPlace place, List<LeaderEpochs.Entry> entries) {
        LogFiles files = surroundings.environment().files();
        return new LeaderEpochs(
                entries,
                changed -> files.replace(
                        place.directory().resolve(FileNames.LEADER_EPOCHS), LeaderEpochFile.encode(changed)));
    }
}
