package io.wellspring.topic;

/**
 * How many partitions topics may have.
 *
 * @param defaultPartitions partitions of a topic that is created without saying how many, &ge; 1
 * @param mostPerTopic partitions of one topic
 * @param mostInTotal partitions of all topics together
 */
public record TopicLimits(int defaultPartitions, int mostPerTopic, int mostInTotal) {
    /** The longest value of a setting, in characters: 37 of them fit one record of the catalog. */
    public static final int SETTING_LENGTH_MOST = 8192;
}
