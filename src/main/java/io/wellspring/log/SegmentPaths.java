package io.wellspring.log;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/**
 * Names of the files of one segment: the base offset in 20 digits and a suffix, as Kafka names them.
 *
 * @param directory the partition's directory
 * @param baseOffset the segment's base offset
 * @param ending what the names end with: nothing, or {@link #CLEANED_SUFFIX}
 */
record SegmentPaths(Path directory, long baseOffset, String ending) {
    static final String LOG_SUFFIX = ".log";
    static final String OFFSET_INDEX_SUFFIX = ".index";
    static final String TIME_INDEX_SUFFIX = ".timeindex";
    static final String TRANSACTION_INDEX_SUFFIX = ".txnindex";
    static final String SNAPSHOT_SUFFIX = ".snapshot";
    static final String DELETED_SUFFIX = ".deleted";

    /** Ends the names of what a compaction is writing; such a file found at start is garbage unless a {@link SwapRecord} names it. */
    static final String CLEANED_SUFFIX = ".cleaned";

    private static final int DIGITS = 20;

    SegmentPaths(Path directory, long baseOffset) {
        this(directory, baseOffset, "");
    }

    Path log() {
        return named(LOG_SUFFIX);
    }

    Path offsetIndex() {
        return named(OFFSET_INDEX_SUFFIX);
    }

    Path timeIndex() {
        return named(TIME_INDEX_SUFFIX);
    }

    Path transactionIndex() {
        return named(TRANSACTION_INDEX_SUFFIX);
    }

    Path snapshot() {
        return named(SNAPSHOT_SUFFIX);
    }

    /** The files that live and go with the segment; some may be absent. */
    List<Path> all() {
        return List.of(log(), offsetIndex(), timeIndex(), transactionIndex());
    }

    /** The offset in a name such as {@code 00000000000000000042.log}; empty if the name is not 20 digits and this suffix. */
    static OptionalLong offsetOf(String name, String suffix) {
        if (name.length() != DIGITS + suffix.length() || !name.endsWith(suffix)) {
            return OptionalLong.empty();
        }
        for (int i = 0; i < DIGITS; i++) {
            if (name.charAt(i) < '0' || name.charAt(i) > '9') {
                return OptionalLong.empty();
            }
        }
        try {
            return OptionalLong.of(Long.parseLong(name.substring(0, DIGITS)));
        } catch (NumberFormatException largerThanAnOffset) {
            return OptionalLong.empty();
        }
    }

    private Path named(String suffix) {
        return directory.resolve("%020d%s%s".formatted(baseOffset, suffix, ending));
    }
}
