package io.wellspring.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.stream.IntStream;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * Groups without members, whose offsets are committed as fast as the broker answers, until it dies, and by nobody else: what a new broker keeps of them is
 * what it found in its log. (Members would commit again at once, and cover a loss.)
 */
public final class PlainCommits {
    private static final int OFFSET_COMMIT = 9;
    private static final int OFFSET_FETCH = 9;
    private static final int GROUPS = 16;

    private final String topic;
    private final int partitionCount;
    private final AtomicLongArray sent = new AtomicLongArray(GROUPS);
    private final AtomicLongArray acknowledged = new AtomicLongArray(GROUPS);
    private @Nullable Thread committer;

    public PlainCommits(String topic, int partitionCount) {
        this.topic = topic;
        this.partitionCount = partitionCount;
    }

    /** Commits until the broker is gone. */
    public void start(String address) {
        Thread thread = new Thread(() -> commitUntilTheEnd(address), "plain-commits");
        committer = thread;
        thread.start();
    }

    private void commitUntilTheEnd(String address) {
        try (WireClient client = new WireClient(address)) {
            for (int group = 0; ; group = (group + 1) % GROUPS) {
                long offset = sent.incrementAndGet(group);
                if (isTaken(commit(client, group, offset))) {
                    acknowledged.set(group, offset);
                }
            }
        } catch (IOException gone) {
            // The broker was killed, as it should be.
        }
    }

    /** The whole commit or nothing of it: it is one batch. */
    private static boolean isTaken(OffsetCommitResponseData answer) {
        return answer.topics().stream()
                .flatMap(each -> each.partitions().stream())
                .allMatch(each -> each.errorCode() == Errors.NONE.code());
    }

    private OffsetCommitResponseData commit(WireClient client, int group, long offset) throws IOException {
        OffsetCommitRequestTopic all = new OffsetCommitRequestTopic()
                .setName(topic)
                .setPartitions(IntStream.range(0, partitionCount)
                        .mapToObj(partition -> new OffsetCommitRequestPartition()
                                .setPartitionIndex(partition)
                                .setCommittedOffset(offset)
                                .setCommittedMetadata(""))
                        .toList());
        return client.call(
                ApiMessageType.OFFSET_COMMIT,
                OFFSET_COMMIT,
                new OffsetCommitRequestData().setGroupId(name(group)).setTopics(List.of(all)),
                new OffsetCommitResponseData());
    }

    private static String name(int group) {
        return "plain-" + group;
    }

    /** The broker is dead: waits until nothing is on its way any more. */
    public void awaitEnd() throws InterruptedException {
        if (committer != null) {
            committer.join();
        }
    }

    /** True unless groups are still being loaded; fails if one of them is not where the last acknowledged commit left it, or beyond what was ever sent. */
    public boolean areKept(String address) throws IOException {
        try (WireClient client = new WireClient(address)) {
            for (int group = 0; group < GROUPS; group++) {
                if (!isKept(client, group)) {
                    return false;
                }
            }
        }
        return true;
    }

    private boolean isKept(WireClient client, int group) throws IOException {
        OffsetFetchRequestData request = new OffsetFetchRequestData()
                .setGroups(List.of(
                        new OffsetFetchRequestGroup().setGroupId(name(group)).setTopics(null)));
        var answer = client.call(ApiMessageType.OFFSET_FETCH, OFFSET_FETCH, request, new OffsetFetchResponseData())
                .groups()
                .getFirst();
        if (answer.errorCode() != Errors.NONE.code()) {
            assertThat(Errors.forCode(answer.errorCode()))
                    .isIn(
                            Errors.COORDINATOR_LOAD_IN_PROGRESS,
                            Errors.COORDINATOR_NOT_AVAILABLE,
                            Errors.NOT_COORDINATOR);
            return false;
        }
        long least = acknowledged.get(group);
        List<Long> offsets = answer.topics().stream()
                .flatMap(each -> each.partitions().stream())
                .map(each -> each.committedOffset())
                .toList();
        assertThat(offsets)
                .as(
                        "%s, the last acknowledged commit was of %d, the last one sent of %d",
                        name(group), least, sent.get(group))
                .hasSize(least > 0 || !offsets.isEmpty() ? partitionCount : 0)
                .allMatch(offset -> offset >= least && offset <= sent.get(group));
        // A commit is one batch: written whole or not at all.
        assertThat(offsets.stream().distinct().count()).isLessThanOrEqualTo(1);
        return true;
    }

    /** Commits acknowledged so far. */
    public long acknowledgedCount() {
        long sum = 0;
        for (int group = 0; group < GROUPS; group++) {
            sum += acknowledged.get(group);
        }
        return sum;
    }
}
