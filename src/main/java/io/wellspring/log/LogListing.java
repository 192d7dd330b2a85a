package io.wellspring.log;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The files of a partition's directory: names and sizes, no content.
 *
 * @param directory the directory
 * @param sizes size of each {@code .log} file by its base offset
 * @param retired base offsets of segments that retention took out and that are not deleted yet
 * @param names all names
 */
record LogListing(Path directory, NavigableMap<Long, Long> sizes, Set<Long> retired, List<String> names) {
    private static final List<String> INDEX_SUFFIXES = List.of(
            SegmentPaths.OFFSET_INDEX_SUFFIX, SegmentPaths.TIME_INDEX_SUFFIX, SegmentPaths.TRANSACTION_INDEX_SUFFIX);

    static LogListing read(LogFiles files, Path directory) throws IOException {
        List<String> names = files.list(directory);
        NavigableMap<Long, Long> sizes = new TreeMap<>();
        Set<Long> retired = new HashSet<>();
        for (String name : names) {
            OptionalLong base = SegmentPaths.offsetOf(name, SegmentPaths.LOG_SUFFIX);
            if (base.isPresent()) {
                sizes.put(base.getAsLong(), files.size(directory.resolve(name)));
            }
            SegmentPaths.offsetOf(name, SegmentPaths.LOG_SUFFIX + SegmentPaths.DELETED_SUFFIX)
                    .ifPresent(retired::add);
        }
        return new LogListing(directory, sizes, retired, names);
    }

    /** Compares names and sizes with what was on disk when the mark was written. @return what is wrong, null if nothing is */
    @Nullable
    String contradicts(DurableMark mark) {
        for (DurableMark.Sealed sealed : mark.sealed()) {
            Long size = sizes.get(sealed.baseOffset());
            if (size == null && !retired.contains(sealed.baseOffset())) {
                return "segment " + sealed.baseOffset() + " is missing";
            }
            if (size != null && size != sealed.sizeBytes()) {
                return "segment " + sealed.baseOffset() + " has " + size + " bytes, " + sealed.sizeBytes()
                        + " were on disk";
            }
        }
        Long size = sizes.get(mark.segmentBaseOffset());
        // A mark at an empty segment promises no byte of it: a log that is cut to below its start is marked before the
        // file is made.
        if (size == null && mark.hasBatch() && !retired.contains(mark.segmentBaseOffset())) {
            return "segment " + mark.segmentBaseOffset() + " is missing";
        }
        if (size != null && size < mark.endPosition()) {
            return "segment " + mark.segmentBaseOffset() + " has " + size + " bytes, at least " + mark.endPosition()
                    + " were on disk";
        }
        for (Long base : sizes.headMap(mark.segmentBaseOffset()).keySet()) {
            if (mark.sealed().stream().noneMatch(one -> one.baseOffset() == base) && !retired.contains(base)) {
                return "segment " + base + " is in the directory but was not in the log";
            }
        }
        return null;
    }

    /**
     * Files that belong to no segment of these: what a crash left of deletions, replacements and segments that were cut off.
     *
     * @param snapshotLimit snapshots above are not to be believed
     */
    List<Path> leftovers(Set<Long> segments, long snapshotLimit) {
        List<Path> leftovers = new ArrayList<>();
        for (String name : names) {
            boolean isLeftover = name.endsWith(LogFiles.TEMPORARY_SUFFIX)
                    || name.endsWith(SegmentPaths.CLEANED_SUFFIX)
                    || isOrphan(name, SegmentPaths.LOG_SUFFIX, segments)
                    || INDEX_SUFFIXES.stream().anyMatch(suffix -> isOrphan(name, suffix, segments));
            OptionalLong snapshot = SegmentPaths.offsetOf(name, SegmentPaths.SNAPSHOT_SUFFIX);
            if (isLeftover || (snapshot.isPresent() && snapshot.getAsLong() > snapshotLimit)) {
                leftovers.add(directory.resolve(name));
            }
        }
        return leftovers;
    }

    /** Files of segments that retention or compaction took out. */
    List<Path> retiredFiles() {
        return names.stream()
                .filter(name -> name.endsWith(SegmentPaths.DELETED_SUFFIX))
                .map(directory::resolve)
                .toList();
    }

    private static boolean isOrphan(String name, String suffix, Set<Long> segments) {
        OptionalLong base = SegmentPaths.offsetOf(name, suffix);
        return base.isPresent() && !segments.contains(base.getAsLong());
    }
}
