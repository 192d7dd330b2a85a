package io.wellspring.testing;

import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.Uuid;

/**
 * Thousands of group members in one JVM: each has a connection of its own, as clients have, and a virtual thread that joins, heartbeats at the clients'
 * default interval and, if told so, commits. A member that is refused anything stops, and {@link #check} fails.
 */
public final class ManyMembers implements AutoCloseable {
    private static final int COMMIT_INTERVAL_MS = 5_000;

    private final String address;
    private final boolean isClassic;
    private final Map<String, List<WireMember>> groups = new HashMap<>();
    private final Map<String, GroupWire.Source> sources = new HashMap<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private final AnswerTimes heartbeats = new AnswerTimes();
    private final AnswerTimes commits = new AnswerTimes();
    private final AtomicLong committedPartitions = new AtomicLong();
    private volatile boolean isCommitting;

    /** @param protocol {@code classic} or {@code consumer} */
    public ManyMembers(String address, String protocol) {
        this.address = address;
        this.isClassic = protocol.equals("classic");
    }

    /** Connects the members of one group that reads a topic whole; they do not join yet. */
    public void connect(String groupId, int memberCount, String topic, Uuid topicId, int partitionCount)
            throws IOException {
        GroupWire.Source source = new GroupWire.Source(topic, topicId, partitionCount);
        List<WireMember> members = new ArrayList<>();
        groups.put(groupId, members);
        sources.put(groupId, source);
        for (int i = 0; i < memberCount; i++) {
            members.add(
                    isClassic
                            ? new ClassicWireMember(address, groupId, source)
                            : new ConsumerWireMember(address, groupId, source));
        }
    }

    /** All members join, and stay from then on. */
    public void join() {
        groups.values().forEach(members -> members.forEach(member -> threads.execute(() -> run(member))));
    }

    private void run(WireMember member) {
        try {
            member.join();
            long nextHeartbeat = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(member.heartbeatIntervalMs());
            long nextCommit = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(COMMIT_INTERVAL_MS);
            long offset = 0;
            while (!stop.await(Math.min(nextHeartbeat, nextCommit) - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                long now = System.nanoTime();
                if (now >= nextHeartbeat) {
                    member.heartbeat();
                    heartbeats.add(System.nanoTime() - now);
                    nextHeartbeat = now + TimeUnit.MILLISECONDS.toNanos(member.heartbeatIntervalMs());
                }
                if (now >= nextCommit) {
                    if (isCommitting) {
                        long begin = System.nanoTime();
                        committedPartitions.addAndGet(member.commit(++offset));
                        commits.add(System.nanoTime() - begin);
                    }
                    nextCommit = now + TimeUnit.MILLISECONDS.toNanos(COMMIT_INTERVAL_MS);
                }
            }
        } catch (IOException | InterruptedException | RuntimeException | AssertionError failure) {
            failures.add(failure);
        }
    }

    /** From now on, or no more: every member commits what it holds every five seconds, as with automatic commits. */
    public void commit(boolean shallCommit) {
        isCommitting = shallCommit;
    }

    /** Fails if a member was thrown out or lost its connection. */
    public void check() {
        Throwable first = failures.peek();
        if (first != null) {
            throw new AssertionError(failures.size() + " members are no longer with us; the first:", first);
        }
    }

    /** The groups whose members do not agree on an epoch, or do not hold every partition exactly once. */
    public List<String> unsettled() {
        return groups.keySet().stream()
                .filter(group -> !isSettled(group))
                .sorted()
                .toList();
    }

    private boolean isSettled(String groupId) {
        List<WireMember> members = groups.getOrDefault(groupId, List.of());
        GroupWire.Source source = sources.get(groupId);
        if (source == null || members.isEmpty()) {
            return false;
        }
        int epoch = members.getFirst().holding().epoch();
        BitSet held = new BitSet();
        for (WireMember member : members) {
            WireMember.Holding holding = member.holding();
            if (epoch < 0 || holding.epoch() != epoch || holding.partitions().isEmpty()) {
                return false;
            }
            for (int partition : holding.partitions()) {
                if (held.get(partition)) {
                    return false;
                }
                held.set(partition);
            }
        }
        return held.cardinality() == source.partitionCount();
    }

    public AnswerTimes heartbeats() {
        return heartbeats;
    }

    public AnswerTimes commits() {
        return commits;
    }

    /** How often the broker could not answer just now, and was asked again. */
    public long retries() {
        return groups.values().stream()
                .flatMap(List::stream)
                .mapToLong(WireMember::retries)
                .sum();
    }

    /** Partitions whose commits were acknowledged. */
    public long committedPartitions() {
        return committedPartitions.get();
    }

    /** The members go without a word. */
    @Override
    public void close() throws IOException {
        stop.countDown();
        threads.close();
        for (List<WireMember> members : groups.values()) {
            for (WireMember member : members) {
                member.close();
            }
        }
    }
}
