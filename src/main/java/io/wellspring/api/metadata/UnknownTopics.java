package io.wellspring.api.metadata;

import io.wellspring.topic.TopicNames;
import org.apache.kafka.common.protocol.Errors;

/** What to say of a name that no topic has: whether it could be one makes the difference, for clients give up on names that cannot. */
final class UnknownTopics {
    private UnknownTopics() {}

    /** UNKNOWN_TOPIC_OR_PARTITION for a name a topic could have, INVALID_TOPIC_EXCEPTION for any other. */
    static Errors errorOf(String name) {
        return TopicNames.problemWith(name) == null
                ? Errors.UNKNOWN_TOPIC_OR_PARTITION
                : Errors.INVALID_TOPIC_EXCEPTION;
    }
}
