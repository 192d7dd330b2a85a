package io.wellspring.api;

import io.wellspring.model.TopicId;
import org.apache.kafka.common.Uuid;

/** Topic ids in the wire's words and back. */
public final class TopicIds {
    private TopicIds() {}

    public static TopicId idOf(Uuid uuid) {
        return new TopicId(uuid.getMostSignificantBits(), uuid.getLeastSignificantBits());
    }

    public static Uuid uuidOf(TopicId id) {
        return new Uuid(id.mostSignificantBits(), id.leastSignificantBits());
    }
}
