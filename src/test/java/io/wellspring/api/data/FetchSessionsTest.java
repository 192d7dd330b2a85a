package io.wellspring.api.data;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.wellspring.model.TopicId;
import io.wellspring.testing.ManualTimers;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.requests.FetchMetadata;
import org.junit.jupiter.api.Test;

/** Fetch sessions by the rules of KIP-227. */
final class FetchSessionsTest {
    private static final Duration MIN_AGE = Duration.ofMinutes(2);

    private final ManualTimers time = new ManualTimers();
    private final AtomicInteger ids = new AtomicInteger();
    private final FetchSessions sessions = sessions(2, 100);

    private FetchSessions sessions(int slots, int partitionsMost) {
        return new FetchSessions(slots, partitionsMost, MIN_AGE, time, ids::incrementAndGet);
    }

    private static FetchWish wish(int partition, long offset) {
        return new FetchWish(new FetchKey(TopicId.ZERO, "t", partition), offset, -1, -1, 1000);
    }

    private static List<FetchWish> wishes(int count) {
        return IntStream.range(0, count)
                .mapToObj(partition -> wish(partition, 0))
                .toList();
    }

    private static PartitionData empty(int partition, long highWatermark) {
        return new PartitionData()
                .setPartitionIndex(partition)
                .setHighWatermark(highWatermark)
                .setLogStartOffset(0)
                .setRecords(MemoryRecords.EMPTY);
    }

    private static Map<FetchKey, PartitionData> answers(PartitionData... all) {
        Map<FetchKey, PartitionData> answers = new LinkedHashMap<>();
        for (PartitionData answer : all) {
            answers.put(new FetchKey(TopicId.ZERO, "t", answer.partitionIndex()), answer);
        }
        return answers;
    }

    private int open(FetchSessions where, int partitionCount) {
        FetchContext context = FetchContext.of(where, FetchMetadata.INITIAL, false, wishes(partitionCount), List.of());
        Map<FetchKey, PartitionData> answers = answers(IntStream.range(0, partitionCount)
                .mapToObj(partition -> empty(partition, 5))
                .toArray(PartitionData[]::new));
        FetchContext.Told told = FetchContext.tell(where, context, answers);
        assertThat(answers).as("a full answer names every partition").hasSize(partitionCount);
        return told.sessionId();
    }

    private FetchContext next(int id, int epoch, List<FetchWish> changed, List<FetchKey> forgotten) {
        return FetchContext.of(sessions, new FetchMetadata(id, epoch), false, changed, forgotten);
    }

    private static List<Integer> partitions(FetchContext context) {
        return ((FetchContext.Incremental) context)
                .wishes().stream().map(wish -> wish.key().partition()).toList();
    }

    @Test
    void anIncrementalRequestFetchesTheWholeSessionWithItsChanges() {
        int id = open(sessions, 3);

        FetchContext context =
                next(id, 1, List.of(wish(1, 9), wish(7, 0)), List.of(new FetchKey(TopicId.ZERO, "t", 0)));

        assertThat(((FetchContext.Incremental) context).wishes()).containsExactly(wish(1, 9), wish(2, 0), wish(7, 0));
    }

    @Test
    void onlyWhatHasChangedIsTold() {
        int id = open(sessions, 3);
        FetchContext context = next(id, 1, List.of(), List.of());
        PartitionData moved = empty(2, 5).setLogStartOffset(3);
        Map<FetchKey, PartitionData> answers = answers(empty(0, 5), empty(1, 6), moved);

        FetchContext.Told told = FetchContext.tell(sessions, context, answers);

        assertThat(told).isEqualTo(new FetchContext.Told(Errors.NONE, id));
        assertThat(answers.values()).extracting(PartitionData::partitionIndex).containsExactly(1, 2);
    }

    @Test
    void errorsAndDivergenceAreAlwaysToldAndThePartitionOnceMoreAfterwards() {
        int id = open(sessions, 2);
        PartitionData diverging = empty(1, 5);
        diverging.divergingEpoch().setEpoch(3).setEndOffset(4);
        for (int epoch = 1; epoch <= 2; epoch++) {
            Map<FetchKey, PartitionData> answers =
                    answers(empty(0, -1).setErrorCode(Errors.KAFKA_STORAGE_ERROR.code()), diverging);
            FetchContext.tell(sessions, next(id, epoch, List.of(), List.of()), answers);
            assertThat(answers).hasSize(2);
        }
        Map<FetchKey, PartitionData> healed = answers(empty(0, 5), empty(1, 5));

        FetchContext.tell(sessions, next(id, 3, List.of(), List.of()), healed);

        assertThat(healed.values()).extracting(PartitionData::partitionIndex).containsExactly(0);
    }

    @Test
    void aPartitionThatGaveRecordsGoesToTheEndOfTheLine() {
        int id = open(sessions, 3);
        PartitionData full = empty(0, 5).setRecords(MemoryRecords.readableRecords(ByteBuffer.allocate(61)));

        FetchContext.tell(sessions, next(id, 1, List.of(), List.of()), answers(full, empty(1, 5), empty(2, 5)));

        assertThat(partitions(next(id, 2, List.of(), List.of()))).containsExactly(1, 2, 0);
    }

    @Test
    void anUnknownSessionAWrongEpochAndAnotherWayOfNamingAreErrors() {
        int id = open(sessions, 1);

        assertThat(next(id + 1, 1, List.of(), List.of()))
                .isEqualTo(new FetchContext.Failed(Errors.FETCH_SESSION_ID_NOT_FOUND));
        assertThat(next(id, 2, List.of(), List.of()))
                .isEqualTo(new FetchContext.Failed(Errors.INVALID_FETCH_SESSION_EPOCH));
        assertThat(FetchContext.of(sessions, new FetchMetadata(id, 1), true, List.of(), List.of()))
                .isEqualTo(new FetchContext.Failed(Errors.FETCH_SESSION_TOPIC_ID_ERROR));
        assertThat(next(id, 1, List.of(), List.of())).isInstanceOf(FetchContext.Incremental.class);
    }

    @Test
    void theSlowerOfTwoRequestsOnOneSessionIsToldSo() {
        int id = open(sessions, 1);
        FetchContext slow = next(id, 1, List.of(), List.of());
        next(id, 2, List.of(), List.of());

        FetchContext.Told told = FetchContext.tell(sessions, slow, answers(empty(0, 6)));

        assertThat(told.error()).isEqualTo(Errors.INVALID_FETCH_SESSION_EPOCH);
    }

    @Test
    void theEpochGoesFromTheLargestNumberToOne() {
        int id = open(sessions, 1);
        FetchSession session = requireNonNull(sessions.find(id));
        for (int epoch = 1; epoch < 5; epoch++) {
            assertThat(session.update(epoch, false, List.of(), List.of())).isNull();
        }

        assertThat(session.update(4, false, List.of(), List.of())).isEqualTo(Errors.INVALID_FETCH_SESSION_EPOCH);
        assertThat(FetchMetadata.nextEpoch(Integer.MAX_VALUE)).isEqualTo(1);
    }

    @Test
    void aFullRequestEndsTheSessionItNamesAndTheFinalEpochOpensNone() {
        int id = open(sessions, 1);

        FetchContext last = FetchContext.of(
                sessions, new FetchMetadata(id, FetchMetadata.FINAL_EPOCH), false, wishes(1), List.of());

        assertThat(FetchContext.tell(sessions, last, answers(empty(0, 5))).sessionId())
                .isZero();
        assertThat(sessions.count()).isZero();
        assertThat(sessions.partitionCount()).isZero();
    }

    @Test
    void aSessionThatForgetsItsLastPartitionEnds() {
        int id = open(sessions, 1);

        FetchContext context = next(id, 1, List.of(), List.of(new FetchKey(TopicId.ZERO, "t", 0)));

        assertThat(context).isEqualTo(new FetchContext.Full(List.of(), false, false));
        assertThat(sessions.find(id)).isNull();
    }

    @Test
    void aPartitionNamedTwiceIsFetchedOnceAsNamedLast() {
        FetchContext context = FetchContext.of(
                sessions, FetchMetadata.INITIAL, false, List.of(wish(0, 1), wish(1, 1), wish(0, 2)), List.of());

        assertThat(((FetchContext.Full) context).wishes()).containsExactly(wish(0, 2), wish(1, 1));
    }

    @Test
    void withAllSlotsTakenANewSessionIsNotKept() {
        open(sessions, 1);
        open(sessions, 1);

        assertThat(open(sessions, 50)).isZero();
        assertThat(sessions.count()).isEqualTo(2);
        assertThat(sessions.evictionCount()).isZero();
    }

    @Test
    void aSessionUnusedForLongMakesRoom() {
        int first = open(sessions, 1);
        int second = open(sessions, 1);
        time.advance(MIN_AGE.plusNanos(1));
        next(first, 1, List.of(), List.of());

        int third = open(sessions, 1);

        assertThat(third).isPositive();
        assertThat(sessions.find(second)).isNull();
        assertThat(sessions.find(first)).isNotNull();
        assertThat(sessions.evictionCount()).isOne();
    }

    @Test
    void aLargerSessionPushesOutTheSmallestOldOneAndOneOfTheSameSizeDoesNot() {
        int small = open(sessions, 2);
        int large = open(sessions, 3);
        time.advance(MIN_AGE.plusNanos(1));
        next(small, 1, List.of(), List.of());
        next(large, 1, List.of(), List.of());

        assertThat(open(sessions, 2)).isZero();
        assertThat(open(sessions, 3)).isPositive();
        assertThat(sessions.find(small)).isNull();
        assertThat(sessions.find(large)).isNotNull();
    }

    @Test
    void sessionsTogetherRememberNoMorePartitionsThanAllowed() {
        FetchSessions bounded = sessions(10, 5);

        assertThat(open(bounded, 6)).isZero();
        assertThat(open(bounded, 3)).isPositive();
        assertThat(open(bounded, 2)).isPositive();
        assertThat(open(bounded, 1)).isZero();
        assertThat(bounded.partitionCount()).isEqualTo(5);
    }

    @Test
    void aSessionThatOutgrowsTheBoundIsDroppedAndItsClientBeginsAnew() {
        FetchSessions bounded = sessions(10, 5);
        int id = open(bounded, 5);

        FetchContext grown = FetchContext.of(bounded, new FetchMetadata(id, 1), false, List.of(wish(5, 0)), List.of());

        assertThat(((FetchContext.Incremental) grown).wishes()).hasSize(6);
        assertThat(bounded.find(id)).isNull();
        assertThat(bounded.partitionCount()).isZero();
    }
}
