package io.wellspring.log;

import io.wellspring.model.TopicId;
import io.wellspring.model.TopicPartition;
import java.nio.file.Path;

/**
 * Which log, and where.
 *
 * @param partition whose records it holds
 * @param topicId of the topic
 * @param directory the directory {@code topic-partition}
 */
record LogPlace(TopicPartition partition, TopicId topicId, Path directory) {}
