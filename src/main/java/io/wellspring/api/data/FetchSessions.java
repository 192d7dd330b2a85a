package io.wellspring.api.data;

import io.wellspring.support.Ticker;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.IntSupplier;
import org.apache.kafka.common.requests.FetchMetadata;
import org.jspecify.annotations.Nullable;

/**
 * The fetch sessions that are kept (KIP-227), at most so many, with at most so many partitions together. When there is no room, a
 * session that was not used for {@code minAge} makes room first; else the smallest one that is older than {@code minAge}, if
 * the new one has more partitions; else the new one is not kept and its client goes on sending full requests. Kafka's
 * privileged sessions are those of followers, which do not fetch here. Threads: any.
 */
final class FetchSessions implements FetchSessionCounts {
    private final int slots;
    private final int partitionsMost;
    private final long minAgeNanos;
    private final Ticker ticker;
    private final IntSupplier randomIds;

    /** In the order of their last use, longest unused first. Guarded by this, like the rest. */
    private final Map<Integer, Entry> byId = new LinkedHashMap<>(16, 0.75f, true);

    /** Sessions that a larger one may push out, smallest first. */
    private final TreeSet<Entry> evictable = new TreeSet<>(
            Comparator.comparingInt((Entry entry) -> entry.size).thenComparingInt(entry -> entry.session.id()));

    private long partitionCount;
    private long evictionCount;

    /** @param randomIds positive numbers that a stranger cannot guess */
    FetchSessions(int slots, int partitionsMost, Duration minAge, Ticker ticker, IntSupplier randomIds) {
        this.slots = slots;
        this.partitionsMost = partitionsMost;
        this.minAgeNanos = minAge.toNanos();
        this.ticker = ticker;
        this.randomIds = randomIds;
    }

    synchronized @Nullable FetchSession find(int id) {
        Entry entry = byId.get(id);
        return entry == null ? null : entry.session;
    }

    /** A new session for these partitions, null if there is no room for it. */
    synchronized @Nullable FetchSession create(boolean usesTopicIds, Collection<FetchWish> wishes) {
        long now = ticker.nanos();
        int size = wishes.size();
        while (byId.size() >= slots || partitionCount + size > partitionsMost) {
            if (size > partitionsMost || !evictOne(size, now)) {
                return null;
            }
        }
        int id;
        do {
            id = randomIds.getAsInt();
        } while (id == FetchMetadata.INVALID_SESSION_ID || byId.containsKey(id));
        FetchSession session = new FetchSession(id, usesTopicIds, wishes);
        byId.put(id, new Entry(session, now, size));
        partitionCount += size;
        return session;
    }

    private boolean evictOne(int newSize, long now) {
        if (byId.isEmpty()) {
            return false;
        }
        Entry longestUnused = byId.values().iterator().next();
        if (now - longestUnused.lastUsedNanos > minAgeNanos) {
            drop(longestUnused);
        } else if (!evictable.isEmpty() && evictable.first().size < newSize) {
            drop(evictable.first());
        } else {
            return false;
        }
        evictionCount++;
        return true;
    }

    /** The session was used and has so many partitions now; one that has outgrown the bound is dropped, its client begins anew. */
    synchronized void touch(FetchSession session, int size) {
        Entry entry = byId.get(session.id());
        if (entry == null || entry.session != session) {
            return;
        }
        long now = ticker.nanos();
        evictable.remove(entry);
        partitionCount += size - entry.size;
        entry.size = size;
        entry.lastUsedNanos = now;
        if (partitionCount > partitionsMost) {
            drop(entry);
            evictionCount++;
        } else if (now - entry.createdNanos > minAgeNanos) {
            evictable.add(entry);
        }
    }

    synchronized void remove(int id) {
        Entry entry = byId.get(id);
        if (entry != null) {
            drop(entry);
        }
    }

    private void drop(Entry entry) {
        byId.remove(entry.session.id());
        evictable.remove(entry);
        partitionCount -= entry.size;
    }

    @Override
    public synchronized int count() {
        return byId.size();
    }

    @Override
    public synchronized long partitionCount() {
        return partitionCount;
    }

    @Override
    public synchronized long evictionCount() {
        return evictionCount;
    }

    /** A kept session; guarded by the sessions. */
    private static final class Entry {
        private final FetchSession session;
        private final long createdNanos;
        private long lastUsedNanos;
        private int size;

        Entry(FetchSession session, long nowNanos, int size) {
            this.session = session;
            this.createdNanos = nowNanos;
            this.lastUsedNanos = nowNanos;
            this.size = size;
        }
    }
}
