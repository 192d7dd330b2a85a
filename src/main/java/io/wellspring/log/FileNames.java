package io.wellspring.log;

import io.wellspring.model.TopicId;
import io.wellspring.model.TopicPartition;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Kafka's names of files and directories. */
final class FileNames {
    static final String LOG_SUFFIX = ".log";
    static final String OFFSET_INDEX_SUFFIX = ".index";
    static final String TIME_INDEX_SUFFIX = ".timeindex";
    static final String TRANSACTION_INDEX_SUFFIX = ".txnindex";
    static final String SNAPSHOT_SUFFIX = ".snapshot";

    /** Ends the name of a file that retention took out of the log and that is deleted later. */
    static final String DELETED_SUFFIX = ".deleted";

    /** Ends the name of a partition's directory that is deleted later. */
    static final String DELETED_DIRECTORY_SUFFIX = "-delete";

    static final String LEADER_EPOCHS = "leader-epoch-checkpoint";
    static final String PARTITION_METADATA = "partition.metadata";

    private static final int OFFSET_DIGITS = 20;

    private FileNames() {}

    /** The directory that holds it. */
    static Path parentOf(Path path) {
        return Objects.requireNonNull(path.toAbsolutePath().getParent(), "the root has no parent");
    }

    /** Such as {@code 00000000000000000042.log}. */
    static Path ofOffset(Path directory, long offset, String suffix) {
        return directory.resolve(String.format(Locale.ROOT, "%020d", offset) + suffix);
    }

    /** The offset in a name that {@link #ofOffset} makes; empty if it is another name. */
    static OptionalLong offsetOf(String name, String suffix) {
        if (name.length() != OFFSET_DIGITS + suffix.length() || !name.endsWith(suffix)) {
            return OptionalLong.empty();
        }
        for (int i = 0; i < OFFSET_DIGITS; i++) {
            if (name.charAt(i) < '0' || name.charAt(i) > '9') {
                return OptionalLong.empty();
            }
        }
        try {
            return OptionalLong.of(Long.parseLong(name, 0, OFFSET_DIGITS, 10));
        } catch (NumberFormatException tooLarge) {
            return OptionalLong.empty();
        }
    }

    /** The partition that a directory's name says, null if it names none. A topic's name may hold dashes. */
    static @Nullable TopicPartition partitionOf(String directoryName) {
        int dash = directoryName.lastIndexOf('-');
        int digits = directoryName.length() - dash - 1;
        if (dash <= 0 || digits < 1 || digits > 10 || directoryName.endsWith(DELETED_DIRECTORY_SUFFIX)) {
            return null;
        }
        for (int i = dash + 1; i < directoryName.length(); i++) {
            if (directoryName.charAt(i) < '0' || directoryName.charAt(i) > '9') {
                return null;
            }
        }
        long index = Long.parseLong(directoryName, dash + 1, directoryName.length(), 10);
        boolean isCanonical = digits == 1 || directoryName.charAt(dash + 1) != '0';
        return isCanonical && index <= Integer.MAX_VALUE
                ? new TopicPartition(directoryName.substring(0, dash), (int) index)
                : null;
    }

    /**
     * Such as {@code orders-3.9d5c…-delete}; the topic's name is cut so that the whole stays within 255 bytes, which a directory's
     * name may have.
     */
    static String deletedDirectory(TopicPartition partition, TopicId unique) {
        String name = partition.toString();
        String suffix = "." + unique + DELETED_DIRECTORY_SUFFIX;
        int longest = 255 - suffix.length();
        return (name.length() > longest ? name.substring(0, longest) : name) + suffix;
    }

    static boolean isDeletedDirectory(String name) {
        return name.endsWith(DELETED_DIRECTORY_SUFFIX) && name.indexOf('.') > 0;
    }
}
