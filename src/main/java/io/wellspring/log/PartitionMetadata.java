package io.wellspring.log;

import io.wellspring.model.TopicId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Kafka's {@code partition.metadata}: which topic a partition's directory belongs to (KIP-516). Two lines, the last without a
 * line feed:
 *
 * <pre>
 *   version: 0
 *   topic_id: MNnrvQQ7Tc2CpSRZRcoV7w
 * </pre>
 */
final class PartitionMetadata {
    private static final String VERSION_LINE = "version: 0";
    private static final String ID_PREFIX = "topic_id: ";

    private PartitionMetadata() {}

    static ByteBuffer encode(TopicId topicId) {
        return ByteBuffer.wrap((VERSION_LINE + "\n" + ID_PREFIX + topicId).getBytes(StandardCharsets.UTF_8));
    }

    /** Null if the file is damaged. */
    static @Nullable TopicId decode(ByteBuffer file) {
        String[] lines = StandardCharsets.UTF_8
                .decode(file.duplicate())
                .toString()
                .stripTrailing()
                .split("\r?\n", -1);
        if (lines.length != 2 || !lines[0].equals(VERSION_LINE) || !lines[1].startsWith(ID_PREFIX)) {
            return null;
        }
        try {
            return TopicId.parse(lines[1].substring(ID_PREFIX.length()));
        } catch (IllegalArgumentException damaged) {
            return null;
        }
    }
}
