package io.wellspring.network;

import static io.wellspring.network.NetworkFixture.LIMITS;
import static io.wellspring.network.NetworkFixture.PATIENT;
import static io.wellspring.network.NetworkFixture.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.wellspring.network.NetworkFixture.Client;
import io.wellspring.network.NetworkMetrics.DroppedConnection;
import io.wellspring.network.NetworkMetrics.RefusedConnection;
import io.wellspring.protocol.MalformedFrameException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@Timeout(60)
@ExtendWith(OutputCaptureExtension.class)
class KafkaServerTest {
    private static final int PRODUCE = 0;
    private static final int FETCH = 1;

    @Test
    void answersComeInTheOrderOfRequestsWhateverOrderTheyEndIn() throws Exception {
        try (NetworkFixture fixture = new NetworkFixture(LIMITS);
                Client client = fixture.connect()) {
            List<Integer> order = new ArrayList<>();
            for (int id = 0; id < 50; id++) {
                client.send(request(PRODUCE, id, id));
                order.add(id);
            }
            for (int id : order) {
                assertThat(fixture.processor.begun.poll(10, TimeUnit.SECONDS)).isEqualTo(id);
            }

            Collections.shuffle(order, new Random(7));
            // Every third has no answer: acks=0.
            order.forEach(
                    id -> fixture.processor.answer(id, id % 3 == 0 ? null : ScriptedProcessor.bytes(id, id * 100)));

            for (int id = 0; id < 50; id++) {
                if (id % 3 != 0) {
                    assertThat(client.correlationId()).isEqualTo(id);
                }
            }
            fixture.awaitNothingInFlight();
        }
    }

    @Test
    void ofARequestThatEndsTwiceTheFirstEndCounts(CapturedOutput output) throws Exception {
        try (NetworkFixture fixture = new NetworkFixture(LIMITS);
                Client client = fixture.connect()) {
            fixture.processor.endTwice();
            for (int id = 1; id <= 3; id++) {
                client.send(request(PRODUCE, id, 100));
                assertThat(fixture.processor.begun.poll(10, TimeUnit.SECONDS)).isEqualTo(id);
                fixture.processor.answer(id, ScriptedProcessor.bytes(id, 10));
                assertThat(client.correlationId()).isEqualTo(id);
            }
            assertThat(output.getAll()).contains("A request ended twice", "a third end");
            fixture.awaitNothingInFlight();
        }
    }

    @Test
    void onlyRequestsThatMayOverlapBeginWhileOthersAreUnderWay() throws Exception {
        try (NetworkFixture fixture = new NetworkFixture(LIMITS);
                Client client = fixture.connect()) {
            client.send(request(PRODUCE, 1, 0), request(PRODUCE, 2, 0), request(FETCH, 3, 0), request(PRODUCE, 4, 0));
            assertThat(fixture.processor.begun.poll(10, TimeUnit.SECONDS)).isEqualTo(1);
            assertThat(fixture.processor.begun.poll(10, TimeUnit.SECONDS)).isEqualTo(2);

            fixture.processor.answer(2, ScriptedProcessor.bytes(2, 0));
            assertThat(fixture.processor.begun).isEmpty();
            fixture.processor.answer(1, ScriptedProcessor.bytes(1, 0));
            assertThat(client.correlationId()).isEqualTo(1);
            assertThat(client.correlationId()).isEqualTo(2);
            assertThat(fixture.processor.begun.poll(10, TimeUnit.SECONDS)).isEqualTo(3);
            assertThat(fixture.processor.begun).isEmpty();
            fixture.processor.answer(3, ScriptedProcessor.bytes(3, 0));
            assertThat(fixture.processor.begun.poll(10, TimeUnit.SECONDS)).isEqualTo(4);
            fixture.processor.answer(4, ScriptedProcessor.bytes(4, 0));

            assertThat(client.correlationId()).isEqualTo(3);
            assertThat(client.correlationId()).isEqualTo(4);
        }
    }

    @Test
    void framesMayBeSplitAtAnyByteAndComeManyAtOnce() throws Exception {
        try (NetworkFixture fixture = new NetworkFixture(LIMITS);
                Client client = fixture.connect()) {
            echo(fixture);
            byte[] frame = request(FETCH, 99, 20);
            for (int cut = 1; cut < frame.length; cut++) {
                client.socket().getOutputStream().write(frame, 0, cut);
                Awaitility.await()
                        .pollInterval(Duration.ofMillis(1))
                        .until(() -> fixture.server.connections().count() == 1);
                client.socket().getOutputStream().write(frame, cut, frame.length - cut);
                assertThat(client.correlationId()).isEqualTo(99);
            }
            ByteBuffer many = ByteBuffer.allocate(1000 * frame.length);
            for (int i = 0; i < 1000; i++) {
                many.put(request(FETCH, i, 20));
            }
            client.send(many.array());
            for (int i = 0; i < 1000; i++) {
                assertThat(client.correlationId()).isEqualTo(i);
            }
        }
    }

    @Test
    void aFrameAtTheLimitIsServedAndOneByteMoreClosesTheConnection() throws Exception {
        try (NetworkFixture fixture = new NetworkFixture(LIMITS);
                Client client = fixture.connect()) {
            echo(fixture);
            client.send(request(FETCH, 5, LIMITS.frameSizeBytes() - 10));
            assertThat(client.correlationId()).isEqualTo(5);

            client.send(
                    ByteBuffer.allocate(4).putInt(LIMITS.frameSizeBytes() + 1).array());

            assertThat(client.isClosedByServer()).isTrue();
            assertThat(fixture.metrics.dropped).containsExactly(DroppedConnection.FRAME_SIZE);
        }
    }

    @Test
    void aNegativeSizeClosesTheConnection() throws Exception {
        try (NetworkFixture fixture = new NetworkFixture(LIMITS);
                Client client = fixture.connect()) {
            client.send(new byte[] {-1, -1, -1, -1});
            assertThat(client.isClosedByServer()).isTrue();
            assertThat(fixture.metrics.dropped).containsExactly(DroppedConnection.FRAME_SIZE);
        }
    }

    @Test
    void aRequestThatCannotBeReadOrFailsClosesItsConnectionOnly() throws Exception {
        try (NetworkFixture fixture = new NetworkFixture(LIMITS);
                Client malformed = fixture.connect();
                Client failing = fixture.connect();
                Client other = fixture.connect()) {
            malformed.send(request(PRODUCE, 1, 10), request(PRODUCE, 2, 10));
            failing.send(request(FETCH, 3, 10), request(FETCH, 4, 10));
            other.send(request(FETCH, 5, 10));
            fixture.processor.fail(2, new MalformedFrameException("scripted"));
            fixture.processor.fail(3, new IllegalStateException("scripted"));

            assertThat(malformed.isClosedByServer()).isTrue();
            assertThat(failing.isClosedByServer()).isTrue();
            assertThat(fixture.metrics.dropped)
                    .containsExactlyInAnyOrder(DroppedConnection.MALFORMED_FRAME, DroppedConnection.FAILED_REQUEST);
            fixture.processor.answer(1, ScriptedProcessor.bytes(1, 10));
            fixture.processor.answer(5, ScriptedProcessor.bytes(5, 10));
            assertThat(other.correlationId()).isEqualTo(5);
        }
    }

    @Test
    void readingStopsAtTheBoundOfAConnectionAndGoesOnWhenItAnswers() throws Exception {
        try (NetworkFixture fixture = new NetworkFixture(LIMITS);
                Client client = fixture.connect()) {
            int count = 40;
            Thread sender = sendInBackground(client, count, 256 * 1024);
            assertThat(fixture.processor.begun.poll(10, TimeUnit.SECONDS)).isZero();

            // Three of 256 KiB and their overhead fit 1 MiB; the fourth does not.
            Awaitility.await().until(() -> fixture.processor.begun.size() == 2);
            assertThat(fixture.server.connections().bytesInFlight()).isLessThanOrEqualTo(LIMITS.connectionBytes());
            assertThat(sender.isAlive()).isTrue();
            for (int id = 0; id < count; id++) {
                fixture.processor.answer(id, ScriptedProcessor.bytes(id, 0));
                assertThat(client.correlationId()).isEqualTo(id);
            }
            sender.join();
            fixture.awaitNothingInFlight();
        }
    }

    @Test
    void readingStopsAtTheBoundOfAllConnectionsAndNothingIsLost() throws Exception {
        NetworkLimits limits = new NetworkLimits(1 << 20, 1 << 20, 1 << 20, 100, 100, Map.of(), PATIENT);
        try (NetworkFixture fixture = new NetworkFixture(limits);
                Client first = fixture.connect();
                Client second = fixture.connect()) {
            Thread one = sendInBackground(first, 3, 300 * 1024);
            Awaitility.await().until(() -> fixture.processor.begun.size() == 3);
            second.send(request(PRODUCE, 100, 10), request(PRODUCE, 101, 200 * 1024));
            Awaitility.await().until(() -> fixture.processor.begun.size() == 4);
            Awaitility.await().until(() -> fixture.server.connections().open().size() == 2);
            assertThat(fixture.server.connections().bytesInFlight()).isLessThanOrEqualTo(limits.totalBytes());

            fixture.processor.answer(0, ScriptedProcessor.bytes(0, 0));
            Awaitility.await().until(() -> fixture.processor.begun.contains(101));
            for (int id : new int[] {1, 2, 100, 101}) {
                fixture.processor.answer(id, ScriptedProcessor.bytes(id, 0));
            }
            for (int id = 0; id < 3; id++) {
                assertThat(first.correlationId()).isEqualTo(id);
            }
            assertThat(second.correlationId()).isEqualTo(100);
            assertThat(second.correlationId()).isEqualTo(101);
            one.join();
            fixture.awaitNothingInFlight();
        }
    }

    @Test
    void connectionsAtTheLimitAreServedAndOneMoreIsRefused() throws Exception {
        NetworkLimits limits = new NetworkLimits(1024, 1024, 1024, 3, 100, Map.of(), PATIENT);
        try (NetworkFixture fixture = new NetworkFixture(limits);
                Client one = fixture.connect();
                Client two = fixture.connect()) {
            echo(fixture);
            Client third = fixture.connect();
            third.send(request(FETCH, 3, 0));
            assertThat(third.correlationId()).isEqualTo(3);
            try (Client fourth = fixture.connect()) {
                assertThat(fourth.isClosedByServer()).isTrue();
            }
            assertThat(fixture.metrics.refused).containsExactly(RefusedConnection.TOO_MANY);
            third.close();
            Awaitility.await().until(() -> fixture.server.connections().count() == 2);
            try (Client again = fixture.connect()) {
                again.send(request(FETCH, 4, 0));
                assertThat(again.correlationId()).isEqualTo(4);
            }
            assertThat(one.socket().isConnected() && two.socket().isConnected()).isTrue();
        }
    }

    @Test
    void anAddressHasItsOwnLimitAndMayHaveAnException() throws Exception {
        Map<InetAddress, Integer> exception = Map.of(InetAddress.getLoopbackAddress(), 1);
        NetworkLimits limits = new NetworkLimits(1024, 1024, 1024, 10, 5, exception, PATIENT);
        try (NetworkFixture fixture = new NetworkFixture(limits);
                Client first = fixture.connect()) {
            echo(fixture);
            first.send(request(FETCH, 1, 0));
            assertThat(first.correlationId()).isEqualTo(1);
            try (Client second = fixture.connect()) {
                assertThat(second.isClosedByServer()).isTrue();
            }
            assertThat(fixture.metrics.refused).containsExactly(RefusedConnection.TOO_MANY_FROM_ADDRESS);
        }
    }

    @Test
    void aQuietConnectionIsClosed() throws Exception {
        try (NetworkFixture fixture = new NetworkFixture(withTimeouts(50, 10_000, 10_000));
                Client client = fixture.connect()) {
            assertThat(client.isClosedByServer()).isTrue();
            assertThat(fixture.metrics.dropped).containsExactly(DroppedConnection.IDLE);
        }
    }

    @Test
    void aFrameThatDoesNotArriveClosesTheConnection() throws Exception {
        for (byte[] half : List.of(new byte[] {0}, new byte[] {0, 0, 0, 50}, new byte[] {0, 0, 0, 50, 1, 2})) {
            try (NetworkFixture fixture = new NetworkFixture(withTimeouts(10_000, 50, 10_000));
                    Client client = fixture.connect()) {
                client.socket().getOutputStream().write(half);
                assertThat(client.isClosedByServer()).isTrue();
                assertThat(fixture.metrics.dropped).containsExactly(DroppedConnection.FRAME_STALLED);
            }
        }
    }

    @Test
    void aSlowFrameIsGivenUpWhenOthersWaitForItsMemory() throws Exception {
        NetworkLimits limits = new NetworkLimits(
                1 << 20,
                1 << 20,
                100_000,
                10,
                10,
                Map.of(),
                new NetworkLimits.Timeouts(
                        Duration.ofMinutes(10),
                        Duration.ofMinutes(10),
                        1,
                        Duration.ofMillis(100),
                        Duration.ofMinutes(10),
                        Duration.ofSeconds(1)));
        try (NetworkFixture fixture = new NetworkFixture(limits);
                Client slow = fixture.connect();
                Client other = fixture.connect()) {
            echo(fixture);
            slow.send(Arrays.copyOf(request(FETCH, 1, 90_000), 20));
            Awaitility.await().until(() -> fixture.server.connections().bytesInFlight() > 90_000);

            other.send(request(FETCH, 2, 50_000));

            assertThat(other.correlationId()).isEqualTo(2);
            assertThat(slow.isClosedByServer()).isTrue();
            assertThat(fixture.metrics.dropped).containsExactly(DroppedConnection.FRAME_STALLED);
        }
    }

    @Test
    void aClientThatDoesNotReadItsResponsesIsClosed() throws Exception {
        try (NetworkFixture fixture = new NetworkFixture(withTimeouts(10_000, 10_000, 100));
                Client client = fixture.connect()) {
            client.send(request(FETCH, 1, 0));
            fixture.processor.answer(1, ScriptedProcessor.bytes(1, 64 << 20));
            Awaitility.await().until(() -> fixture.metrics.dropped.contains(DroppedConnection.WRITE_STALLED));
            fixture.awaitNothingInFlight();
        }
    }

    @Test
    void stoppingAnswersWhatIsUnderWayAndBeginsNothing() throws Exception {
        try (NetworkFixture fixture = new NetworkFixture(LIMITS);
                Client client = fixture.connect();
                Client idle = fixture.connect()) {
            client.send(request(FETCH, 1, 0), request(FETCH, 2, 0));
            assertThat(fixture.processor.begun.poll(10, TimeUnit.SECONDS)).isEqualTo(1);
            Thread stopper = new Thread(fixture.server::stop, "stopper");
            stopper.start();
            assertThat(idle.isClosedByServer()).isTrue();

            fixture.processor.answer(1, ScriptedProcessor.bytes(1, 100));

            assertThat(client.correlationId()).isEqualTo(1);
            assertThat(client.isClosedByServer()).isTrue();
            stopper.join();
            assertThat(fixture.processor.begun).isEmpty();
        }
    }

    private static NetworkLimits withTimeouts(int idleMs, int progressMs, int writeStallMs) {
        return new NetworkLimits(
                1 << 20,
                1 << 20,
                1 << 20,
                10,
                10,
                Map.of(),
                new NetworkLimits.Timeouts(
                        Duration.ofMillis(idleMs),
                        Duration.ofMillis(progressMs),
                        1024,
                        Duration.ofSeconds(30),
                        Duration.ofMillis(writeStallMs),
                        Duration.ofSeconds(1)));
    }

    private static void echo(NetworkFixture fixture) {
        fixture.processor.answerWith(
                frame -> CompletableFuture.completedFuture(ScriptedProcessor.bytes(frame.getInt(4), 0)));
    }

    private static Thread sendInBackground(Client client, int count, int payloadBytes) {
        Thread sender = new Thread(
                () -> {
                    for (int id = 0; id < count; id++) {
                        try {
                            client.send(request(PRODUCE, id, payloadBytes));
                        } catch (java.io.IOException e) {
                            return;
                        }
                    }
                },
                "sender");
        sender.start();
        return sender;
    }
}
