package io.wellspring.log;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Takes records out of one log, at either end. Whatever is taken out is given up durably first (start offset, durable mark) and
 * removed afterwards, so that a crash in between leaves only files that nobody asks for. Threads: the log's owner thread.
 */
final class LogTrimmer {
    private final PartitionLog log;
    private final SegmentContext context;
    private final LogState state;
    private final LogKeeper keeper;
    private final StateSnapshots snapshots;
    private final LogWriter writer;

    LogTrimmer(
            PartitionLog log,
            SegmentContext context,
            LogState state,
            LogKeeper keeper,
            StateSnapshots snapshots,
            LogWriter writer) {
        this.log = log;
        this.context = context;
        this.state = state;
        this.keeper = keeper;
        this.snapshots = snapshots;
        this.writer = writer;
    }

    void truncateTo(long offset) throws IOException {
        if (offset >= state.endOffset()) {
            return;
        }
        state.countTruncation();
        SegmentList segments = state.segments();
        if (lowerMark(segments, offset)) {
            keeper.truncating(log, offset);
        }
        state.opening().epochs().truncateFromEnd(offset);
        state.moveEnd(offset);
        if (offset < state.startOffset()) {
            keeper.startOffsetMoves(log, offset);
            state.moveStart(offset);
        }
        if (offset < segments.get(0).baseOffset()) {
            beginAnewAt(offset, segments);
        } else {
            cut(segments, segments.floor(offset), offset);
        }
        snapshots.rebuild(state.segments(), state.startOffset(), offset);
        writer.takeCheckpoint();
        writer.recent().cut(state.endOffset());
        context.metrics().truncated();
    }

    /**
     * What is promised to be on disk is at most what the cut will leave, before anything is cut.
     *
     * @return false: no more was promised, and nothing need be written, as when there was no room for what is to be cut
     */
    private boolean lowerMark(SegmentList segments, long offset) {
        if (offset < segments.get(0).baseOffset()) {
            state.resetMark(DurableMark.atStartOf(offset, offset, List.of()));
        } else if (offset < state.mark().endOffset()) {
            int kept = segments.floor(offset);
            state.resetMark(DurableMark.atStartOf(
                    segments.get(kept).baseOffset(), Math.min(offset, state.startOffset()), segments.sealed(kept)));
        } else {
            return false;
        }
        return true;
    }

    /** Nothing that is kept remains: the log goes on at the offset with one empty segment. */
    private void beginAnewAt(long offset, SegmentList segments) throws IOException {
        Segment active =
                Segment.create(context, new SegmentPaths(state.opening().place().directory(), offset));
        state.replaceSegments(SegmentList.of(List.of(active)));
        remove(segments.asList());
        state.resetMark(DurableMark.atStartOf(offset, state.startOffset(), List.of()));
    }

    private void cut(SegmentList segments, int keptIndex, long offset) throws IOException {
        Segment kept = segments.get(keptIndex);
        SegmentList shorter = segments.first(keptIndex + 1);
        state.replaceSegments(shorter);
        remove(segments.asList().subList(keptIndex + 1, segments.count()));
        kept.truncate(SegmentSearch.endPosition(kept, kept.end(), offset), offset);
        Segment.LastBatch last = kept.lastBatch();
        List<DurableMark.Sealed> sealed = shorter.sealed(keptIndex);
        state.resetMark(
                last == null
                        ? DurableMark.atStartOf(kept.baseOffset(), state.startOffset(), sealed)
                        : new DurableMark(
                                state.startOffset(),
                                offset,
                                kept.baseOffset(),
                                last.position(),
                                last.crc(),
                                kept.sizeBytes(),
                                sealed));
    }

    void advanceStartOffset(long offset) throws IOException {
        if (offset > state.endOffset()) {
            throw new IllegalArgumentException("start offset " + offset + " above the end " + state.endOffset());
        }
        if (offset <= state.startOffset()) {
            return;
        }
        keeper.startOffsetMoves(log, offset);
        state.moveStart(offset);
        state.opening().epochs().truncateFromStart(offset);
    }

    int applyRetention(long limit) throws IOException {
        SegmentList segments = state.segments();
        int count = expired(context, segments, state.startOffset(), limit);
        if (count == 0) {
            return 0;
        }
        if (count == segments.count()) {
            writer.rollAt(state.endOffset());
            segments = state.segments();
        }
        List<Segment> retired = segments.asList().subList(0, count);
        long bytes = segments.first(count).sizeBytes();
        moveStartTo(segments.get(count).baseOffset());
        state.replaceSegments(segments.withoutFirst(count));
        remove(retired);
        context.metrics().segmentsRetired(count, bytes);
        return count;
    }

    /**
     * The start of a log is not below its first segment, whatever is written: so on a disk without a free byte retention goes on, and makes
     * room.
     */
    private void moveStartTo(long firstBaseOffset) throws IOException {
        try {
            advanceStartOffset(Math.max(state.startOffset(), firstBaseOffset));
        } catch (IOException failure) {
            if (!DiskFullException.isDiskFull(failure)) {
                throw failure;
            }
            state.moveStart(Math.max(state.startOffset(), firstBaseOffset));
        }
    }

    /** How many segments go, from the oldest on, without a gap. The active one counts only if it holds something. */
    static int expired(SegmentContext context, SegmentList segments, long startOffset, long limit) throws IOException {
        LogSettings settings = context.settings().get();
        long excessBytes = settings.retentionBytes() < 0 || !settings.deletes()
                ? -1L
                : segments.sizeBytes() - settings.retentionBytes();
        long nowMs = context.clock().millis();
        int count = 0;
        while (count < segments.count()) {
            Segment segment = segments.get(count);
            long endOffset = segments.endOffset(count);
            boolean isActive = count == segments.count() - 1;
            if (endOffset > limit || (isActive && segment.isEmpty())) {
                break;
            }
            excessBytes -= segment.sizeBytes();
            boolean isBelowStart = endOffset <= startOffset;
            boolean isExcess = excessBytes >= 0;
            if (!isBelowStart && !isExcess && !isTooOld(context, segment, nowMs)) {
                break;
            }
            count++;
        }
        return count;
    }

    private static boolean isTooOld(SegmentContext context, Segment segment, long nowMs) throws IOException {
        LogSettings settings = context.settings().get();
        if (!settings.deletes() || settings.retentionMs() < 0) {
            return false;
        }
        long largestMs = segment.indexes().largest().timestampMs();
        // As Kafka does for records without a time, and for a segment of which compaction has left nothing: the file's.
        long newestMs = largestMs >= 0
                ? largestMs
                : context.files().lastModifiedMs(segment.paths().log());
        return nowMs - newestMs > settings.retentionMs();
    }

    /** Renames the files away, durably, and hands them over to be deleted later; readers that are in them finish in peace. */
    private void remove(List<Segment> segments) throws IOException {
        if (segments.isEmpty()) {
            return;
        }
        LogFiles files = context.files();
        List<Path> renamed = new ArrayList<>();
        for (Segment segment : segments) {
            segment.discard();
            for (Path path : segment.paths().all()) {
                if (files.exists(path)) {
                    Path deleted = path.resolveSibling(path.getFileName() + SegmentPaths.DELETED_SUFFIX);
                    files.rename(path, deleted);
                    renamed.add(deleted);
                }
            }
        }
        files.syncDirectory(state.opening().place().directory());
        keeper.deleteLater(renamed, context.settings().get().fileDeleteDelayMs());
    }
}
