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
 * all batches gives: one that is missing or torn costs time.
 *
 * <p>What survives a crash: those of rolls and clean stops are forced. Those that go with a durable mark are not, since thousands of logs take one
 * every few seconds: a killed process leaves them whole, a power cut may tear them, which their checksum shows. Every
 * {@link #FORCED_EVERY_BYTES} of log one is forced. One above the durable mark is never believed: what it tells of may have been cut off.
 * Threads: the log's owner thread.
 */
final class StateSnapshots {
    /** The newest that are kept: of the last rolls and of a clean stop. */
    private static final int KEPT = 3;

    /** What a start after a power cut reads of one log at most, beside what lies above the mark: a fraction of a second. */
    static final long FORCED_EVERY_BYTES = 64L << 20;

    private static final long UNKNOWN = Long.MAX_VALUE / 2;
    private static final int MAX_SIZE_BYTES = 256 << 20;
    private static final Logger LOG = LoggerFactory.getLogger(StateSnapshots.class);

    private final LogFiles files;
    private final Path directory;
    private final DerivedState derived;

    /** Offsets of the files; null before the first use: opening a log touches no file. */
    private @Nullable NavigableSet<Long> known;

    /** Offset of the one that was written with the newest mark and not forced; it goes with the next. */
    private @Nullable Long light;

    private long newestSizeBytes;

    /** Not known before the first one is written: then it is due in any case. */
    private long sinceNewestBytes = UNKNOWN;

    private long sinceForcedBytes;

    StateSnapshots(LogFiles files, Path directory, DerivedState derived) {
        this.files = files;
        this.directory = directory;
        this.derived = derived;
    }

    /** Writes the state as of this offset, durably, and deletes the oldest snapshots. */
    void write(long offset) throws IOException {
        if (!known().contains(offset) || (light != null && light == offset)) {
            files.replace(path(offset), encoded());
        }
        forced(offset);
    }

    private ByteBuffer encoded() {
        ByteBuffer file = ProducerSnapshot.encode(derived.snapshot());
        newestSizeBytes = file.limit();
        return file;
    }

    private void forced(long offset) throws IOException {
        dropLight(offset);
        sinceNewestBytes = 0;
        sinceForcedBytes = 0;
        NavigableSet<Long> offsets = known();
        offsets.add(offset);
        while (offsets.size() > KEPT) {
            delete(offsets.first());
        }
    }

    /** The log has grown by so much. */
    void grown(long bytes) {
        sinceNewestBytes += bytes;
        sinceForcedBytes += bytes;
    }

    /**
     * Writes the state as of this offset, which a durable mark is about to name. Not forced but every {@link #FORCED_EVERY_BYTES}; not
     * written at all before the log has grown by as much as the newest snapshot weighs: with very many producers that would write more than
     * they do, and a start reads no more of the log below the mark than one snapshot has bytes.
     */
    void writeAtMark(long offset) throws IOException {
        if (known().contains(offset) || (sinceNewestBytes < newestSizeBytes && !known().isEmpty())) {
            return;
        }
        if (sinceForcedBytes >= FORCED_EVERY_BYTES) {
            write(offset);
            return;
        }
        Path temporary = path(offset).resolveSibling(path(offset).getFileName() + LogFiles.TEMPORARY_SUFFIX);
        files.delete(temporary);
        try (LogFile file = files.create(temporary)) {
            file.write(encoded(), 0L);
        }
        files.rename(temporary, path(offset));
        dropLight(offset);
        light = offset;
        sinceNewestBytes = 0;
        known().add(offset);
    }

    /** The snapshot of the mark before, unless it is the one of this offset. */
    private void dropLight(long offset) throws IOException {
        Long before = light;
        light = null;
        if (before != null && before != offset && known().contains(before)) {
            delete(before);
        }
    }

    /**
     * Makes the state what it is at the end offset: from the newest good snapshot, and from the batches behind it.
     *
     * @return true if batches may lie behind it
     */
    boolean rebuild(SegmentList segments, long startOffset, long endOffset) throws IOException {
        deleteAbove(endOffset);
        long from = restoreNewest(startOffset, endOffset);
        for (int i = segments.floor(from); i < segments.count(); i++) {
            Segment segment = segments.get(i);
            if (segments.endOffset(i) > from && !segment.isEmpty() && from < endOffset) {
                replay(segment, from);
            }
        }
        sinceNewestBytes = UNKNOWN;
        return from < endOffset;
    }

    /** They tell of batches that are cut off: gone for good before others get their offsets. */
    private void deleteAbove(long offset) throws IOException {
        List<Long> above = List.copyOf(known().tailSet(offset, false));
        for (Long gone : above) {
            delete(gone);
        }
        if (!above.isEmpty()) {
            files.syncDirectory(directory);
        }
    }

    /**
     * Begins with the newest snapshot that is whole. Changes no file.
     *
     * @param limit what lies above may have been cut off and is not looked at
     * @return its offset; the start offset if there is none, and then nothing is known
     */
    long restoreNewest(long startOffset, long limit) throws IOException {
        for (Long offset : List.copyOf(known().headSet(limit, true).descendingSet())) {
            if (offset < startOffset) {
                break;
            }
            ByteBuffer content = files.readWhole(path(offset), MAX_SIZE_BYTES);
            List<ProducerSnapshot.Entry> entries = content == null ? null : ProducerSnapshot.decode(content);
            if (content != null && entries != null) {
                derived.restore(offset, entries);
                newestSizeBytes = content.limit();
                return offset;
            }
            LOG.warn("A producer snapshot is damaged and left aside: file={}", path(offset));
            known().remove(offset);
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

    private void delete(long offset) throws IOException {
        files.delete(path(offset));
        known().remove(offset);
    }

    private Path path(long offset) {
        return new SegmentPaths(directory, offset).snapshot();
    }
}
