package io.wellspring.api.groups;

import io.wellspring.model.TopicId;
import org.apache.kafka.common.Uuid;

/** Topic ids in the wire's words and back. */
final class GroupTopics {
    private GroupTopics() {}

    static TopicId idOf(Uuid uuid) {
        return new TopicId(uuid.getMostSignificantBits(), uuid.getLeastSignificantBits());
    }

    static Uuid uuidOf(TopicId id) {
        return new Uuid(id.mostSignificantBits(), id.leastSignificantBits());
    }
}
