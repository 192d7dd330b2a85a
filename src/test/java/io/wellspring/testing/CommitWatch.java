package io.wellspring.testing;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Asks again and again how far groups have committed; none of the answers may ever be less than an earlier one. Goes on through every loss of the broker. */
public final class CommitWatch implements AutoCloseable {
    private final Admin admin;
    private final Map<String, ListConsumerGroupOffsetsSpec> groups = new HashMap<>();
    private final Map<String, Map<TopicPartition, Long>> seen = new ConcurrentHashMap<>();
    private final AtomicLong looks = new AtomicLong();
    private final AtomicReference<@Nullable String> wentBackwards = new AtomicReference<>();
    private final Thread thread = new Thread(this::watch, "commit-watch");
    private volatile boolean isStopping;

    public CommitWatch(String bootstrapServers, List<String> groupIds) {
        admin = Admin.create(Map.of(
                "bootstrap.servers",
                bootstrapServers,
                "reconnect.backoff.max.ms",
                "200",
                "request.timeout.ms",
                "5000",
                "default.api.timeout.ms",
                "5000"));
        for (String groupId : groupIds) {
            groups.put(groupId, new ListConsumerGroupOffsetsSpec());
            seen.put(groupId, new ConcurrentHashMap<>());
        }
        thread.start();
    }

    private void watch() {
        while (!isStopping) {
            try {
                admin.listConsumerGroupOffsets(groups).all().get().forEach(this::compare);
                looks.incrementAndGet();
            } catch (ExecutionException away) {
                // The broker is dead or loads its groups: there is no answer to judge.
            } catch (InterruptedException stopped) {
                return;
            }
        }
    }

    private void compare(String groupId, Map<TopicPartition, OffsetAndMetadata> committed) {
        Map<TopicPartition, Long> before = seen.computeIfAbsent(groupId, any -> new ConcurrentHashMap<>());
        before.forEach((partition, offset) -> {
            OffsetAndMetadata now = committed.get(partition);
            if (now == null || now.offset() < offset) {
                wentBackwards.compareAndSet(
                        null, groupId + " in " + partition + " was at " + offset + " and then at " + now);
            }
        });
        committed.forEach((partition, offset) -> {
            if (offset != null) {
                before.put(partition, offset.offset());
            }
        });
    }

    /** The last committed offsets of a group that were shown. */
    public Map<TopicPartition, Long> seen(String groupId) {
        return Map.copyOf(seen.getOrDefault(groupId, Map.of()));
    }

    /** How many answers were judged. */
    public long lookCount() {
        return looks.get();
    }

    /** Fails if a committed offset went backwards. */
    public void check() {
        String what = wentBackwards.get();
        if (what != null) {
            throw new AssertionError("a committed offset went backwards: " + what);
        }
    }

    @Override
    public void close() {
        isStopping = true;
        thread.interrupt();
        admin.close();
    }
}
