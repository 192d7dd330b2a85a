package io.wellspring.log;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * Puts a compacted segment in the place of those that it was made of. What survives a crash: as soon as the {@link SwapRecord} is on disk the new
 * segment counts, and {@link UnfinishedSwaps} finishes the renaming; before, the old ones do. Readers that have a file or an index of an old segment
 * open go on with it; one that would open it by name while names change waits for the few milliseconds that this takes, and finds the new one.
 * Threads: one at a time, under the log's swap lock.
 */
final class SegmentSwap {
    private final SegmentContext context;
    private final LogState state;
    private final LogKeeper keeper;

    SegmentSwap(SegmentContext context, LogState state, LogKeeper keeper) {
        this.context = context;
        this.state = state;
        this.keeper = keeper;
    }

    /** Decides the swap: durable when it returns. */
    void decide(List<Segment> group, CleanedSegment cleaned) throws IOException {
        List<DurableMark.Sealed> replaced = group.stream()
                .map(segment -> new DurableMark.Sealed(segment.baseOffset(), segment.sizeBytes()))
                .toList();
        SwapRecord swap = new SwapRecord(replaced, new DurableMark.Sealed(cleaned.baseOffset(), cleaned.sizeBytes()));
        context.files().replace(swap.path(cleaned.paths().directory()), swap.encode());
    }

    /** Does what was decided. */
    void carryOut(List<Segment> group, CleanedSegment cleaned) throws IOException {
        SegmentPaths paths = new SegmentPaths(cleaned.paths().directory(), cleaned.baseOffset());
        CountDownLatch done = new CountDownLatch(1);
        List<Path> retired;
        try {
            group.forEach(segment -> segment.suspend(done));
            retired = retire(context.files(), group.stream().map(Segment::paths).toList());
            place(context.files(), cleaned.paths(), paths);
            SegmentList segments = state.segments();
            long nextOffset = segments.endOffset(segments.floor(group.getLast().baseOffset()));
            state.swapSegments(
                    group, Segment.open(context, paths, new Segment.End(nextOffset, cleaned.sizeBytes()), null));
        } finally {
            done.countDown();
        }
        group.forEach(Segment::discard);
        keeper.deleteLater(retired, context.settings().get().fileDeleteDelayMs());
    }

    /** Gives the files of old segments other names, durably, before a new one takes theirs. */
    static List<Path> retire(LogFiles files, List<SegmentPaths> segments) throws IOException {
        List<Path> retired = new ArrayList<>();
        for (SegmentPaths segment : segments) {
            for (Path path : segment.all()) {
                if (files.exists(path)) {
                    Path deleted = path.resolveSibling(path.getFileName() + SegmentPaths.DELETED_SUFFIX);
                    files.rename(path, deleted);
                    retired.add(deleted);
                }
            }
        }
        files.syncDirectory(segments.getFirst().directory());
        return retired;
    }

    /** Gives the new segment's files their names, durably. */
    static void place(LogFiles files, SegmentPaths cleaned, SegmentPaths target) throws IOException {
        List<Path> from = cleaned.all();
        List<Path> to = target.all();
        for (int i = 0; i < from.size(); i++) {
            if (files.exists(from.get(i))) {
                files.rename(from.get(i), to.get(i));
            }
        }
        files.syncDirectory(target.directory());
    }
}
