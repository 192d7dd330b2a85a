package io.wellspring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.wellspring.network.Connections;
import io.wellspring.testing.Frames;
import io.wellspring.testing.Scrape;
import io.wellspring.testing.TestBroker;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The settings of the network, small, on the whole broker: each bites where it says. */
final class NetworkLimitsIT {
    private static final int FRAME_BYTES = 10 * 1024;
    private static final int CONNECTIONS = 6;
    private static final int CONNECTIONS_OF_ADDRESS = 4;

    private static TestBroker broker;

    @BeforeAll
    static void start() {
        broker = TestBroker.start(Map.of(
                "wellspring.network.max-frame-size",
                FRAME_BYTES + "B",
                "wellspring.network.idle-timeout",
                "3s",
                "wellspring.network.frame-progress-timeout",
                "1s",
                "wellspring.network.frame-progress",
                "8B",
                "wellspring.network.max-connections",
                Integer.toString(CONNECTIONS),
                "wellspring.network.max-connections-per-address",
                "100",
                "wellspring.network.max-connections-of-address[127.0.0.2]",
                Integer.toString(CONNECTIONS_OF_ADDRESS)));
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @BeforeEach
    void nobodyIsThere() {
        await().until(() -> broker.bean(Connections.class).count() == 0);
    }

    @Test
    void aRequestAtTheLimitIsAnsweredAndOneByteMoreClosesTheConnection() throws Exception {
        try (Socket fitting = connect("127.0.0.1");
                Socket tooLarge = connect("127.0.0.1")) {
            send(fitting, request(FRAME_BYTES));
            assertThat(isAnswered(fitting)).isTrue();

            send(tooLarge, request(FRAME_BYTES + 1));
            assertThat(isAnswered(tooLarge)).isFalse();
        }
        assertDropped("frame_size");
    }

    @Test
    void aConnectionOnWhichNothingMovesIsClosed() throws Exception {
        try (Socket quiet = connect("127.0.0.1")) {
            send(quiet, request(100));
            assertThat(isAnswered(quiet)).isTrue();
            assertThat(isAnswered(quiet)).isFalse();
        }
        assertDropped("idle");
    }

    @Test
    void halfARequestIsNotWaitedForLong() throws Exception {
        try (Socket half = connect("127.0.0.1")) {
            half.getOutputStream().write(new byte[] {0, 0, 1, 0, 0, 18, 0});
            assertThat(isAnswered(half)).isFalse();
        }
        assertDropped("frame_stalled");
    }

    @Test
    void asManyConnectionsAsAllowedAreServedAndOneMoreIsClosed() throws Exception {
        crowd("127.0.0.1", CONNECTIONS);
        assertRefused("too_many");
    }

    @Test
    void anAddressWithALimitOfItsOwnKeepsToIt() throws Exception {
        crowd("127.0.0.2", CONNECTIONS_OF_ADDRESS);
        assertRefused("too_many_from_address");
    }

    private static void crowd(String from, int allowed) throws IOException {
        List<Socket> crowd = new ArrayList<>();
        try {
            for (int i = 0; i < allowed; i++) {
                Socket socket = connect(from);
                crowd.add(socket);
                send(socket, request(100));
                assertThat(isAnswered(socket)).as("connection %d", i).isTrue();
            }
            try (Socket surplus = connect(from)) {
                assertThat(isAnswered(surplus)).isFalse();
            }
            crowd.removeFirst().close();
            await().untilAsserted(() -> {
                try (Socket next = connect(from)) {
                    send(next, request(100));
                    assertThat(isAnswered(next)).isTrue();
                }
            });
        } finally {
            for (Socket socket : crowd) {
                socket.close();
            }
        }
    }

    private static Socket connect(String from) throws IOException {
        String address = broker.bootstrapServers();
        int port = Integer.parseInt(address, address.lastIndexOf(':') + 1, address.length(), 10);
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port, InetAddress.ofLiteral(from), 0);
        socket.setSoTimeout(60_000);
        return socket;
    }

    /** ApiVersions in a frame of exactly this size: the client id fills it. */
    private static byte[] request(int frameBytes) {
        int empty = Frames.request(ApiMessageType.API_VERSIONS, 0, 1, "", new ApiVersionsRequestData())
                .remaining();
        ByteBuffer frame = Frames.request(
                ApiMessageType.API_VERSIONS, 0, 1, "x".repeat(frameBytes - empty), new ApiVersionsRequestData());
        byte[] bytes = new byte[frame.remaining()];
        frame.get(bytes);
        assertThat(bytes).hasSize(frameBytes);
        return bytes;
    }

    private static void send(Socket socket, byte[] frame) throws IOException {
        DataOutputStream output = new DataOutputStream(socket.getOutputStream());
        try {
            output.writeInt(frame.length);
            output.write(frame);
        } catch (SocketException closed) {
            assertThat(closed).hasMessageMatching("(?i).*(reset|broken pipe|closed).*");
        }
    }

    /** Reads one answer. @return false if the connection was closed instead */
    private static boolean isAnswered(Socket socket) throws IOException {
        try {
            DataInputStream input = new DataInputStream(socket.getInputStream());
            int first = input.read();
            if (first < 0) {
                return false;
            }
            int size = first << 24 | input.readUnsignedByte() << 16 | input.readUnsignedShort();
            input.readFully(new byte[size]);
            return true;
        } catch (SocketException closed) {
            return false;
        }
    }

    private static void assertDropped(String reason) throws Exception {
        assertThat(sum("wellspring_network_connections_dropped_total", reason)).isPositive();
    }

    private static void assertRefused(String reason) throws Exception {
        assertThat(sum("wellspring_network_connections_refused_total", reason)).isPositive();
    }

    private static double sum(String meter, String reason) throws Exception {
        return Scrape.of(broker.managementUrl()).sum(meter, "reason=\"" + reason + "\"");
    }
}
