package io.wellspring.management.endpoint;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A part of a long list. Who wants the rest asks again with {@code after} set to {@code next}: what is made or goes meanwhile moves nothing else.
 *
 * @param items in the order of their names
 * @param next the name of the last item; null: there are no more
 */
record Page<T>(List<T> items, @Nullable String next) {
    static final int LIMIT_DEFAULT = 100;
    static final int LIMIT_MOST = 1000;

    /** How many items a page may have. */
    static int limit(@Nullable Integer asked) {
        if (asked == null) {
            return LIMIT_DEFAULT;
        }
        if (asked < 1 || asked > LIMIT_MOST) {
            throw Refusals.badRequest("limit is " + asked + ": ask for 1 to " + LIMIT_MOST + ".");
        }
        return asked;
    }

    /**
     * The first of what is left.
     *
     * @param sorted everything behind {@code after}, in order
     * @param name what an item is asked for by
     */
    static <T> Page<T> of(Stream<T> sorted, int limit, Function<T, String> name) {
        List<T> oneMore = sorted.limit(limit + 1L).toList();
        if (oneMore.size() <= limit) {
            return new Page<>(oneMore, null);
        }
        List<T> items = oneMore.subList(0, limit);
        return new Page<>(items, name.apply(items.getLast()));
    }

    <R> List<R> map(Function<T, R> each) {
        return items.stream().map(each).toList();
    }
}
