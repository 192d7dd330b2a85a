package io.wellspring.management.endpoint;

import io.wellspring.model.TopicPartition;
import io.wellspring.partition.Partition;
import io.wellspring.partition.Partitions;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds partitions by what an operator wrote. */
final class PartitionNames {
    private static final Pattern FORM = Pattern.compile("(.+)-(\\d{1,9})");

    private PartitionNames() {}

    /** The partition of {@code topic-partition}; 400 if it is not of that form. */
    static TopicPartition parse(String parameter, String text) {
        Matcher parts = FORM.matcher(text);
        if (!parts.matches()) {
            throw Refusals.badRequest(parameter + " is '" + text + "', which is not of the form topic-partition.");
        }
        return new TopicPartition(parts.group(1), Integer.parseInt(parts.group(2)));
    }

    /** The open partition; 404 if it is not there. */
    static Partition find(Partitions partitions, String topic, int partition) {
        Partition found =
                topic.isEmpty() || partition < 0 ? null : partitions.find(new TopicPartition(topic, partition));
        if (found == null) {
            throw Refusals.notFound("There is no open partition " + topic + "-" + partition + ".");
        }
        return found;
    }
}
