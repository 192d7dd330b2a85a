package io.wellspring.api.groups;

import io.wellspring.support.Ticker;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Why topics could not be made, each kept for a while. There are never more than {@value #MOST}: the one that would go next makes room. Threads: any.
 */
final class TopicFailures {
    static final int MOST = 1000;

    private final Ticker ticker;
    private final Map<String, Failure> byTopic = new HashMap<>();

    TopicFailures(Ticker ticker) {
        this.ticker = ticker;
    }

    private record Failure(String message, long untilNanos) {
        boolean isOver(long nowNanos) {
            return nowNanos - untilNanos >= 0;
        }
    }

    /** Null if there is none, or no more. */
    synchronized @Nullable String of(String topic) {
        Failure failure = byTopic.get(topic);
        if (failure == null) {
            return null;
        }
        if (failure.isOver(ticker.nanos())) {
            byTopic.remove(topic);
            return null;
        }
        return failure.message();
    }

    synchronized void add(String topic, String message, Duration keep) {
        long now = ticker.nanos();
        if (byTopic.size() >= MOST && !byTopic.containsKey(topic)) {
            byTopic.values().removeIf(failure -> failure.isOver(now));
        }
        if (byTopic.size() >= MOST && !byTopic.containsKey(topic)) {
            byTopic.entrySet().stream()
                    .min(Comparator.comparingLong(entry -> entry.getValue().untilNanos() - now))
                    .map(Map.Entry::getKey)
                    .ifPresent(byTopic::remove);
        }
        byTopic.put(topic, new Failure(message, now + keep.toNanos()));
    }

    synchronized int count() {
        return byTopic.size();
    }
}
