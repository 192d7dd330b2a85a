package io.wellspring.log;

import io.wellspring.batch.RecordBatch;
import io.wellspring.model.TopicId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the files of one log into a state in which it can be served, or refuses to touch them.
 *
 * <ul>
 *   <li>After a clean stop names and sizes are compared with the durable mark; no log data is read.
 *   <li>Else what lies above the mark is read. It may be torn: the disk had not promised it. It is cut to the longest valid prefix; what is
 *       kept is forced before anybody may read it (KAFKA-10101: else a second crash would take back what was seen).
 *   <li>What lies below the mark was promised. If a file is missing or shorter, or the batch at the mark is not the one that was there, the log is
 *       {@link RecoveredLog.Damaged} and not a byte is changed.
 *   <li>If the marks themselves are lost everything is read. A damaged batch in the last segment with no good segment behind it is a torn tail; one
 *       that good batches of later segments follow is damage.
 * </ul>
 *
 * <p>What survives a crash: it can be run again at any point. Cutting begins at the end (later segments go first, durably). Threads: any, one per log.
 */
final class Recovery {
    private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);
    private static final int MAX_SMALL_FILE_BYTES = 64 << 20;

    private final LogFiles files;
    private final RecoveryInput input;
    private final DerivedState derived;
    private final Path directory;

    private Recovery(LogFiles files, RecoveryInput input, DerivedState derived) {
        this.files = files;
        this.input = input;
        this.derived = derived;
        this.directory = input.place().directory();
    }

    /** After swaps were finished: their mark counts. A disk that gives up makes this log one that cannot be served, the others can. */
    static RecoveredLog runAfter(
            UnfinishedSwaps.Outcome swaps, LogFiles files, RecoveryInput input, DerivedState derived) {
        String damage = swaps.damage();
        if (damage != null) {
            return new RecoveredLog.Damaged(damage);
        }
        try {
            return run(files, input.with(swaps.mark()), derived);
        } catch (IOException failure) {
            LOG.error("A log cannot be recovered: partition={}", input.place().partition(), failure);
            return new RecoveredLog.Damaged("recovery failed: " + failure.getMessage());
        }
    }

    /** @param derived is shown what is read, so that it is read once; see {@link RecoveredLog.Whole#isDerived} */
    static RecoveredLog run(LogFiles files, RecoveryInput input, DerivedState derived) throws IOException {
        return new Recovery(files, input, derived).recover();
    }

    private RecoveredLog recover() throws IOException {
        LogListing listing = LogListing.read(files, directory);
        DurableMark mark = input.mark();
        String contradiction = contradiction(listing, mark);
        if (contradiction != null) {
            return new RecoveredLog.Damaged(contradiction);
        }
        boolean isAsMarked = mark != null && input.wasClean() && isEnd(listing, mark);
        long trusted = trustedOffset(listing, mark);
        boolean isDerived = !isAsMarked && restoreDerived(trusted);
        TailScan.Result tail = isAsMarked ? null : scanTail(listing, mark, isDerived);
        if (tail != null && tail.damage() != null) {
            return new RecoveredLog.Damaged(tail.damage());
        }
        List<RecoveredLog.SegmentOnDisk> segments = new ArrayList<>(below(listing, mark));
        DurableMark end = Objects.requireNonNull(tail == null ? mark : tail.mark(), "a clean log has a mark");
        if (tail != null) {
            segments.addAll(tail.segments());
        } else {
            segments.add(new RecoveredLog.SegmentOnDisk(end.segmentBaseOffset(), end.endPosition(), end.endOffset()));
        }
        List<LeaderEpochs.Entry> epochs = epochs(segments, end.endOffset(), tail);
        if (epochs == null) {
            return new RecoveredLog.Damaged("a segment below the durable mark is damaged");
        }
        repair(listing, segments, isAsMarked ? end.endOffset() : Math.min(trusted, end.endOffset()), tail);
        if (!epochs.equals(readEpochs())) {
            files.replace(directory.resolve(FileNames.LEADER_EPOCHS), LeaderEpochFile.encode(epochs));
        }
        // Nothing may be in the log above the end that delete-records promised to be gone, and nothing below the first
        // segment.
        long start = Math.min(
                end.endOffset(),
                Math.max(input.startOffset(), segments.getFirst().baseOffset()));
        List<DurableMark.Sealed> sealed = segments.subList(0, segments.size() - 1).stream()
                .map(segment -> new DurableMark.Sealed(segment.baseOffset(), segment.sizeBytes()))
                .toList();
        DurableMark whole = new DurableMark(
                start,
                end.endOffset(),
                segments.getLast().baseOffset(),
                end.batchPosition(),
                end.batchCrc(),
                end.endPosition(),
                sealed);
        return new RecoveredLog.Whole(
                List.copyOf(segments),
                start,
                whole,
                epochs,
                tail == null ? 0 : tail.readBytes(),
                tail == null ? 0 : tail.cutBytes(),
                listing.retiredFiles(),
                checkpoint(whole, start),
                isDerived);
    }

    /** What is written stays true until the log takes a new one; without a mark all that was read is forced by now. */
    private Checkpoint checkpoint(DurableMark whole, long start) {
        Checkpoint found = input.checkpoint();
        if (found == null) {
            return new Checkpoint(whole, null);
        }
        DurableMark mark = found.mark();
        if (mark.endOffset() > whole.endOffset() || whole.segmentBaseOffset() < mark.segmentBaseOffset()) {
            return new Checkpoint(whole, null);
        }
        return new Checkpoint(
                new DurableMark(
                        start,
                        mark.endOffset(),
                        mark.segmentBaseOffset(),
                        mark.batchPosition(),
                        mark.batchCrc(),
                        mark.endPosition(),
                        mark.sealed()),
                found.indexes());
    }

    /** Snapshots above tell of what may be cut off: where the mark is, or else where the first segment begins. */
    private long trustedOffset(LogListing listing, @Nullable DurableMark mark) {
        if (mark != null) {
            return mark.endOffset();
        }
        return listing.sizes().isEmpty() ? input.startOffset() : listing.sizes().firstKey();
    }

    /** True if nothing of the log lies between the snapshot and what is going to be read. */
    private boolean restoreDerived(long trusted) throws IOException {
        long restored = new StateSnapshots(files, directory, derived).restoreNewest(input.startOffset(), trusted);
        return restored >= trusted || input.mark() == null;
    }

    private @Nullable String contradiction(LogListing listing, @Nullable DurableMark mark) throws IOException {
        ByteBuffer metadata = files.readWhole(directory.resolve(FileNames.PARTITION_METADATA), MAX_SMALL_FILE_BYTES);
        TopicId found = metadata == null ? null : PartitionMetadata.decode(metadata);
        TopicId wanted = input.place().topicId();
        if (found != null && !wanted.equals(TopicId.ZERO) && !found.equals(wanted)) {
            return "the directory belongs to topic id " + found + ", not " + wanted;
        }
        return mark == null ? null : listing.contradicts(mark);
    }

    /** True if the log is exactly what the mark says. */
    private static boolean isEnd(LogListing listing, DurableMark mark) {
        NavigableMap<Long, Long> sizes = listing.sizes();
        return !sizes.isEmpty()
                && sizes.lastKey() == mark.segmentBaseOffset()
                && sizes.lastEntry().getValue() == mark.endPosition();
    }

    private TailScan.Result scanTail(LogListing listing, @Nullable DurableMark mark, boolean isDerived)
            throws IOException {
        NavigableMap<Long, Long> sizes = listing.sizes();
        Long first =
                mark == null ? sizes.isEmpty() ? null : sizes.firstKey() : sizes.ceilingKey(mark.segmentBaseOffset());
        long from = first != null ? first : mark != null ? mark.endOffset() : input.startOffset();
        SegmentScan.Visitor visitor = isDerived ? (batch, position) -> derived.replay(batch) : (batch, position) -> {};
        return new TailScan(files, input, listing, visitor).run(from);
    }

    /** Sealed segments below the mark's. */
    private static List<RecoveredLog.SegmentOnDisk> below(LogListing listing, @Nullable DurableMark mark) {
        List<RecoveredLog.SegmentOnDisk> segments = new ArrayList<>();
        if (mark == null) {
            return segments;
        }
        for (Map.Entry<Long, Long> sealed :
                listing.sizes().headMap(mark.segmentBaseOffset()).entrySet()) {
            Long next = listing.sizes().higherKey(sealed.getKey());
            segments.add(new RecoveredLog.SegmentOnDisk(
                    sealed.getKey(), sealed.getValue(), next == null ? mark.segmentBaseOffset() : next));
        }
        return segments;
    }

    /** As the file says and as the batches say that were read; from the batches alone if the file is missing or wrong. Null: damage was met. */
    private @Nullable List<LeaderEpochs.Entry> epochs(
            List<RecoveredLog.SegmentOnDisk> segments, long endOffset, TailScan.@Nullable Result tail)
            throws IOException {
        List<LeaderEpochs.Entry> known = readEpochs();
        boolean hasBatches = segments.stream().anyMatch(segment -> segment.sizeBytes() > 0);
        List<LeaderEpochs.Entry> epochs = new ArrayList<>();
        if (known == null || (known.isEmpty() && hasBatches)) {
            if (hasBatches) {
                LOG.warn("Leader epochs are missing or damaged and are read from the log: directory={}", directory);
            }
            for (RecoveredLog.SegmentOnDisk segment : segments) {
                if (!collectEpochs(segment, epochs)) {
                    return null;
                }
            }
            return epochs;
        }
        known.stream().filter(entry -> entry.startOffset() < endOffset).forEach(epochs::add);
        if (tail != null) {
            tail.epochs().forEach(entry -> addEpoch(epochs, entry));
        }
        return epochs;
    }

    private @Nullable List<LeaderEpochs.Entry> readEpochs() throws IOException {
        ByteBuffer file = files.readWhole(directory.resolve(FileNames.LEADER_EPOCHS), MAX_SMALL_FILE_BYTES);
        return file == null ? null : LeaderEpochFile.decode(file);
    }

    private boolean collectEpochs(RecoveredLog.SegmentOnDisk segment, List<LeaderEpochs.Entry> epochs)
            throws IOException {
        Path path = new SegmentPaths(directory, segment.baseOffset()).log();
        if (segment.sizeBytes() == 0) {
            return true;
        }
        try (LogFile file = files.openForReading(path)) {
            SegmentScan scan = SegmentScan.run(
                    new BatchScan(file, 0L, segment.sizeBytes(), BatchScan.SMALL_WINDOW_BYTES),
                    segment.baseOffset(),
                    segment.baseOffset(),
                    SegmentScan.Depth.HEADERS,
                    (RecordBatch batch, long position) ->
                            addEpoch(epochs, new LeaderEpochs.Entry(batch.leaderEpoch(), batch.baseOffset())));
            return scan.problem() == null;
        }
    }

    private static void addEpoch(List<LeaderEpochs.Entry> epochs, LeaderEpochs.Entry entry) {
        boolean isNewer = epochs.isEmpty()
                || (entry.epoch() > epochs.getLast().epoch()
                        && entry.startOffset() > epochs.getLast().startOffset());
        if (entry.epoch() >= 0 && isNewer) {
            epochs.add(entry);
        }
    }

    /** From here on files are changed. */
    private void repair(
            LogListing listing,
            List<RecoveredLog.SegmentOnDisk> segments,
            long snapshotLimit,
            TailScan.@Nullable Result tail)
            throws IOException {
        if (tail != null && tail.cutReason() != null) {
            LOG.warn(
                    "A torn tail above the durable mark is cut: partition={} bytes={} endOffset={} reason={}",
                    input.place().partition(),
                    tail.cutBytes(),
                    tail.mark().endOffset(),
                    tail.cutReason());
        }
        if (segments.isEmpty()) {
            long endOffset = tail == null ? snapshotLimit : tail.mark().endOffset();
            segments.add(new RecoveredLog.SegmentOnDisk(endOffset, 0L, endOffset));
            files.create(new SegmentPaths(directory, endOffset).log()).close();
        }
        Set<Long> kept = new HashSet<>();
        segments.forEach(segment -> kept.add(segment.baseOffset()));
        List<Path> leftovers = listing.leftovers(kept, snapshotLimit);
        for (Path leftover : leftovers.reversed()) {
            files.delete(leftover);
        }
        if (tail != null) {
            // Rows may be ahead of the log or behind it after a power cut, and nothing tells but the mark: without it
            // they are made anew at first use.
            Checkpoint marked = input.checkpoint();
            for (RecoveredLog.SegmentOnDisk segment : tail.segments()) {
                if (marked != null
                        && marked.indexes() != null
                        && marked.mark().segmentBaseOffset() == segment.baseOffset()) {
                    continue;
                }
                SegmentPaths paths = new SegmentPaths(directory, segment.baseOffset());
                files.delete(paths.offsetIndex());
                files.delete(paths.timeIndex());
            }
        }
        if (!input.place().topicId().equals(TopicId.ZERO) && !isMetadataGood()) {
            files.replace(
                    directory.resolve(FileNames.PARTITION_METADATA),
                    PartitionMetadata.encode(input.place().topicId()));
        }
        if (tail == null && leftovers.isEmpty()) {
            return;
        }
        files.syncDirectory(directory);
        if (tail != null) {
            for (RecoveredLog.SegmentOnDisk segment : tail.segments()) {
                force(segment);
            }
        }
    }

    private void force(RecoveredLog.SegmentOnDisk segment) throws IOException {
        try (LogFile file = files.open(new SegmentPaths(directory, segment.baseOffset()).log())) {
            if (file.size() > segment.sizeBytes()) {
                file.resize(segment.sizeBytes());
            }
            file.force();
        }
    }

    private boolean isMetadataGood() throws IOException {
        ByteBuffer metadata = files.readWhole(directory.resolve(FileNames.PARTITION_METADATA), MAX_SMALL_FILE_BYTES);
        return metadata != null && PartitionMetadata.decode(metadata) != null;
    }
}
