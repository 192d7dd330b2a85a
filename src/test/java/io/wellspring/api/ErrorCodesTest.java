package io.wellspring.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.wellspring.partition.AppendRefusal;
import io.wellspring.partition.ReadRefusal;
import io.wellspring.topic.CatalogRefusal;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

final class ErrorCodesTest {
    /** What passes by itself: a producer must send the batch again rather than drop it. */
    private static final Set<AppendRefusal> PASSING = EnumSet.of(
            AppendRefusal.NOT_LEADER,
            AppendRefusal.LOG_OFFLINE,
            AppendRefusal.DISK_FULL,
            AppendRefusal.QUEUE_FULL,
            AppendRefusal.PAUSED,
            AppendRefusal.NOT_ENOUGH_REPLICAS,
            AppendRefusal.TIMED_OUT,
            // damaged on the way: the producer's copy is sound
            AppendRefusal.CORRUPT);

    static Stream<Errors> everyCode() {
        return Stream.of(
                        Arrays.stream(AppendRefusal.values()).map(ErrorCodes::of),
                        Arrays.stream(ReadRefusal.values()).map(ErrorCodes::of),
                        Arrays.stream(CatalogRefusal.values()).map(ErrorCodes::of))
                .flatMap(codes -> codes);
    }

    @ParameterizedTest
    @MethodSource("everyCode")
    void noRefusalIsAnUnknownErrorOrNone(Errors code) {
        assertThat(code).isNotIn(Errors.UNKNOWN_SERVER_ERROR, Errors.NONE);
    }

    @ParameterizedTest
    @EnumSource(AppendRefusal.class)
    void aProducerTriesAgainExactlyWhatPassesByItself(AppendRefusal refusal) {
        boolean isRetriable = ErrorCodes.of(refusal).exception() instanceof RetriableException;

        assertThat(isRetriable).isEqualTo(PASSING.contains(refusal));
    }

    @ParameterizedTest
    @EnumSource(ReadRefusal.class)
    void aConsumerRecoversFromEveryRefusedRead(ReadRefusal refusal) {
        // The Java consumer asks for metadata, resets its position or tries again after each of these.
        assertThat(ErrorCodes.of(refusal))
                .isIn(
                        Errors.NOT_LEADER_OR_FOLLOWER,
                        Errors.FENCED_LEADER_EPOCH,
                        Errors.UNKNOWN_LEADER_EPOCH,
                        Errors.OFFSET_OUT_OF_RANGE,
                        Errors.KAFKA_STORAGE_ERROR);
    }
}
