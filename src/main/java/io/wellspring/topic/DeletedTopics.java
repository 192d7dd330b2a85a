package io.wellspring.topic;

import io.wellspring.model.TopicId;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Every topic id that was ever deleted, as an immutable value. A generation is merged into the next when it is no larger,
 * so that adding one id to a million copies 20 ids on average and a lookup asks at most 20 sets.
 */
final class DeletedTopics {
    static final DeletedTopics NONE = new DeletedTopics(Set.of(), null);

    private final Set<TopicId> newest;
    private final @Nullable DeletedTopics older;

    private DeletedTopics(Set<TopicId> newest, @Nullable DeletedTopics older) {
        this.newest = newest;
        this.older = older;
    }

    boolean contains(TopicId id) {
        for (DeletedTopics generation = this; generation != null; generation = generation.older) {
            if (generation.newest.contains(id)) {
                return true;
            }
        }
        return false;
    }

    DeletedTopics with(Set<TopicId> ids) {
        Set<TopicId> merged = new HashSet<>(ids);
        DeletedTopics rest = this;
        while (rest != null && rest.newest.size() <= merged.size()) {
            merged.addAll(rest.newest);
            rest = rest.older;
        }
        return ids.isEmpty() ? this : new DeletedTopics(Set.copyOf(merged), rest);
    }
}
