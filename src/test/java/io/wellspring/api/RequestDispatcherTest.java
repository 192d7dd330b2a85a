package io.wellspring.api;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wellspring.model.Endpoint;
import io.wellspring.model.SecurityProtocol;
import io.wellspring.protocol.EncodedResponse;
import io.wellspring.protocol.MalformedFrameException;
import io.wellspring.testing.Frames;
import io.wellspring.testing.FutureAnswer;
import io.wellspring.testing.ManualTimers;
import io.wellspring.testing.TestLoop;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class RequestDispatcherTest {
    private static final int CORRELATION_ID = 77;

    private final ManualTimers time = new ManualTimers();
    private final FakeHandlers.ProducerIds producerIds = new FakeHandlers.ProducerIds();
    private final Meters meters = new Meters();
    private final RequestDispatcher dispatcher = new RequestDispatcher(
            new ApiRegistry(List.of(producerIds, new FakeHandlers.Versions(), new FakeHandlers.FailingProduce())),
            meters,
            time);
    private final ConnectionContext connection = new ConnectionContext(
            1,
            new Endpoint("PLAINTEXT", SecurityProtocol.PLAINTEXT, "localhost", 9092),
            InetAddress.getLoopbackAddress(),
            TestLoop.direct());

    private CompletableFuture<@Nullable EncodedResponse> send(ByteBuffer frame) {
        FutureAnswer answer = new FutureAnswer();
        dispatcher.process(connection, frame, answer);
        return answer.future();
    }

    private static ByteBuffer initProducerId(int version) {
        return Frames.request(
                ApiMessageType.INIT_PRODUCER_ID, version, CORRELATION_ID, "me", new InitProducerIdRequestData());
    }

    private static InitProducerIdResponseData read(CompletableFuture<@Nullable EncodedResponse> response, int version) {
        return Frames.read(
                requireNonNull(response.join()),
                ApiMessageType.INIT_PRODUCER_ID,
                version,
                CORRELATION_ID,
                new InitProducerIdResponseData());
    }

    @Test
    void theAnswerIsEncodedInTheRequestsVersionWhenItsHandlerHasIt() {
        CompletableFuture<@Nullable EncodedResponse> response = send(initProducerId(3));
        assertThat(response).isNotDone();
        time.advance(Duration.ofMillis(5));

        producerIds.stage.complete(new InitProducerIdResponseData().setProducerId(9));

        assertThat(read(response, 3).producerId()).isEqualTo(9);
        assertThat(meters.seen).containsExactly("answered InitProducerId 5000000");
    }

    @Test
    void aThrowingHandlerIsAnsweredWithItsOwnWordsForAnUnknownError() {
        producerIds.bug = new IllegalStateException("a bug");

        CompletableFuture<@Nullable EncodedResponse> response = send(initProducerId(4));

        assertThat(read(response, 4).errorCode()).isEqualTo(Errors.UNKNOWN_SERVER_ERROR.code());
        assertThat(meters.seen).containsExactly("failed InitProducerId", "error InitProducerId UNKNOWN_SERVER_ERROR");
    }

    @Test
    void aStageThatFailsLaterIsAnsweredToo() {
        CompletableFuture<@Nullable EncodedResponse> response = send(initProducerId(4));

        producerIds.stage.completeExceptionally(new IllegalStateException("a bug"));

        assertThat(read(response, 4).errorCode()).isEqualTo(Errors.UNKNOWN_SERVER_ERROR.code());
    }

    @Test
    void anAnswerThatCannotBeEncodedIsAnsweredWithAnError() {
        // The two-phase fields exist from version 6 on and may not be dropped silently.
        producerIds.stage.complete(new InitProducerIdResponseData().setOngoingTxnProducerId(5));

        assertThat(read(send(initProducerId(4)), 4).errorCode()).isEqualTo(Errors.UNKNOWN_SERVER_ERROR.code());
    }

    @Test
    void theVersionAboveTheNewestAndAnUnknownKeyCloseTheConnection() {
        assertClosed(send(initProducerId(5)));
        ByteBuffer unknownKey = initProducerId(4).putShort(0, (short) 999);
        assertClosed(send(unknownKey));
        assertThat(meters.seen).containsExactly("refused InitProducerId", "refused unknown");
    }

    @Test
    void produceIsClaimedFromZeroButClosesTheConnectionBelowThree() {
        ByteBuffer frame = Frames.request(
                        ApiMessageType.PRODUCE, 3, CORRELATION_ID, null, new ProduceRequestData().setAcks((short) 1))
                .putShort(2, (short) 2);

        assertClosed(send(frame));
    }

    @Test
    void framesThatEndTooEarlyCloseTheConnection() {
        ByteBuffer whole = initProducerId(4);
        for (int size = 0; size < whole.remaining(); size++) {
            assertClosed(send(whole.slice(0, size)));
        }
    }

    @Test
    void bytesBehindTheRequestCloseTheConnection() {
        ByteBuffer whole = initProducerId(4);
        ByteBuffer longer = ByteBuffer.allocate(whole.remaining() + 1)
                .put(whole)
                .put((byte) 0)
                .flip();

        assertClosed(send(longer));
    }

    @Test
    void apiVersionsInAnUnknownVersionIsAnsweredInVersionZero() {
        ByteBuffer frame = Frames.request(
                        ApiMessageType.API_VERSIONS, 4, CORRELATION_ID, "me", new ApiVersionsRequestData())
                .putShort(2, (short) 99);

        EncodedResponse response = requireNonNull(send(frame).join());

        ApiVersionsResponseData answer =
                Frames.read(response, ApiMessageType.API_VERSIONS, 0, CORRELATION_ID, new ApiVersionsResponseData());
        assertThat(answer.errorCode()).isEqualTo(Errors.UNSUPPORTED_VERSION.code());
    }

    @Test
    void aFailedRequestThatWantsNoAnswerClosesTheConnection() {
        ByteBuffer frame = Frames.request(
                ApiMessageType.PRODUCE, 9, CORRELATION_ID, null, new ProduceRequestData().setAcks((short) 0));

        assertThatThrownBy(() -> send(frame).join())
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(ConnectionRefusedException.class);
    }

    @Test
    void onlyHandlersThatSaySoOverlap() {
        assertThat(dispatcher.mayOverlap(ApiMessageType.PRODUCE.apiKey())).isTrue();
        assertThat(dispatcher.mayOverlap(ApiMessageType.INIT_PRODUCER_ID.apiKey()))
                .isFalse();
        assertThat(dispatcher.mayOverlap((short) 999)).isFalse();
    }

    private static void assertClosed(CompletableFuture<@Nullable EncodedResponse> response) {
        assertThat(response).isCompletedExceptionally();
        assertThat(response.exceptionNow()).isInstanceOf(MalformedFrameException.class);
    }

    /** Writes down what is measured. */
    private static final class Meters implements RequestMetrics {
        private final List<String> seen = new ArrayList<>();

        @Override
        public void answered(String api, long elapsedNanos) {
            seen.add("answered " + api + " " + elapsedNanos);
        }

        @Override
        public void error(String api, String code) {
            seen.add("error " + api + " " + code);
        }

        @Override
        public void failed(String api) {
            seen.add("failed " + api);
        }

        @Override
        public void refused(String api) {
            seen.add("refused " + api);
        }
    }
}
