package io.wellspring.log;

import io.wellspring.model.TopicId;
import io.wellspring.model.TopicPartition;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Kafka's names of directories and of the files beside the segments, whose names {@link SegmentPaths} knows. */
final class FileNames {
    /** Ends the name of a partition's directory that is deleted later. */
    static final String DELETED_DIRECTORY_SUFFIX = "-delete";

    static final String LEADER_EPOCHS = "leader-epoch-checkpoint";
    static final String PARTITION_METADATA = "partition.metadata";

    private FileNames() {}

    /** The directory that holds it. */
    static Path parentOf(Path path) {
        return Objects.requireNonNull(path.toAbsolutePath().getParent(), "the root has no parent");
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
