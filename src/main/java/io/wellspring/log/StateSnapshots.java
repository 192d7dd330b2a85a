package io.wellspring.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.NavigableSet;
import java.util.OptionalLong;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The {@code .snapshot} files of one log and the state that is derived from it. A snapshot is only a shorter way to what replaying
 * all batches gives: one that is missing or torn costs time. Threads: the log's owner thread.
 */
final class StateSnapshots {
    /** The newest that are kept: of the last rolls and of a clean stop. */
    private static final int KEPT = 3;

    private static final int MAX_SIZE_BYTES = 256 << 20;
    private static final Logger LOG = LoggerFactory.getLogger(StateSnapshots.class);

    private final LogFiles files;
    private final Path directory;
    private final DerivedState derived;

    /** Offsets of the files; null before the first use: opening a log touches no file. */
    private @Nullable NavigableSet<Long> known;

    StateSnapshots(LogFiles files, Path directory, DerivedState derived) {
        this.files = files;
        this.directory = directory;
        this.derived = derived;
    }

    /** Writes the state as of this offset, durably, and deletes the oldest snapshots. */
    void write(long offset) throws IOException {
        files.replace(path(offset), ProducerSnapshot.encode(derived.snapshot()));
        NavigableSet<Long> offsets = known();
        offsets.add(offset);
        while (offsets.size() > KEPT) {
            delete(offsets.first());
        }
    }

    /** Makes the state what it is at the end offset: from the newest good snapshot, and from the batches behind it. */
    void rebuild(SegmentList segments, long startOffset, long endOffset) throws IOException {
        deleteAbove(endOffset);
        long from = restoreNewest(startOffset);
        for (int i = segments.floor(from); i < segments.count(); i++) {
            Segment segment = segments.get(i);
            if (segments.endOffset(i) > from && !segment.isEmpty() && from < endOffset) {
                replay(segment, from);
            }
        }
    }

    void deleteAbove(long offset) throws IOException {
        for (Long above : List.copyOf(known().tailSet(offset, false))) {
            delete(above);
        }
    }

    private long restoreNewest(long startOffset) throws IOException {
        for (Long offset : List.copyOf(known().descendingSet())) {
            if (offset < startOffset) {
                break;
            }
            ByteBuffer content = files.readWhole(path(offset), MAX_SIZE_BYTES);
            List<ProducerSnapshot.Entry> entries = content == null ? null : ProducerSnapshot.decode(content);
            if (entries != null) {
                derived.restore(offset, entries);
                return offset;
            }
            LOG.warn("A producer snapshot is damaged and left aside: file={}", path(offset));
            delete(offset);
        }
        derived.restore(startOffset, List.of());
        return startOffset;
    }

    private void replay(Segment segment, long from) throws IOException {
        long position = from <= segment.baseOffset() ? 0L : SegmentSearch.endPosition(segment, segment.end(), from);
        SegmentScan scan =
                segment.scan(position, SegmentScan.Depth.HEADERS, (batch, batchPosition) -> derived.replay(batch));
        if (scan.problem() != null) {
            throw new IOException("damaged segment: file=" + segment.paths().log() + " position=" + scan.validPosition()
                    + " " + scan.problem());
        }
    }

    private NavigableSet<Long> known() throws IOException {
        NavigableSet<Long> offsets = known;
        if (offsets == null) {
            offsets = new TreeSet<>();
            for (String name : files.list(directory)) {
                OptionalLong offset = SegmentPaths.offsetOf(name, SegmentPaths.SNAPSHOT_SUFFIX);
                if (offset.isPresent()) {
                    offsets.add(offset.getAsLong());
                }
            }
            known = offsets;
        }
        return offsets;
    }

    private void delete(Long offset) throws IOException {
        files.delete(path(offset));
        known().remove(offset);
    }

    private Path path(long offset) {
        return new SegmentPaths(directory, offset).snapshot();
    }
}
