package io.wellspring.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.util.ResourceLeakDetector;
import io.wellspring.model.SecurityProtocol;
import io.wellspring.support.Ticker;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import reactor.netty.tcp.SslProvider;

/** A server with a scripted processor and plain blocking clients; closing it checks that nothing is left. */
final class NetworkFixture implements AutoCloseable {
    static final NetworkLimits.Timeouts PATIENT = new NetworkLimits.Timeouts(
            Duration.ofMinutes(10),
            Duration.ofSeconds(10),
            1024,
            Duration.ofSeconds(30),
            Duration.ofMinutes(10),
            Duration.ofSeconds(10));
    static final NetworkLimits LIMITS = new NetworkLimits(1 << 20, 1 << 20, 8 << 20, 100, 100, Map.of(), PATIENT);
    private static final Queue<String> LEAKS = new ConcurrentLinkedQueue<>();

    static {
        ByteBufUtil.setLeakListener((type, records) -> LEAKS.add(type + ": " + records));
    }

    final ScriptedProcessor processor = new ScriptedProcessor();
    final CountingMetrics metrics = new CountingMetrics();
    final KafkaServer server;

    NetworkFixture(NetworkLimits limits) {
        this(limits, null);
    }

    NetworkFixture(NetworkLimits limits, @Nullable Supplier<SslProvider> tls) {
        ListenerSettings listener = new ListenerSettings(
                "TEST",
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                null,
                0,
                tls == null ? SecurityProtocol.PLAINTEXT : SecurityProtocol.SSL,
                tls);
        ResourceLeakDetector.setLevel(
                ResourceLeakDetector.Level.PARANOID); // an application in this process may have turned it off
        server = new KafkaServer(List.of(listener), 2, limits, processor, metrics, Ticker.system());
        server.start();
    }

    int port() {
        return server.addresses().getFirst().address().getPort();
    }

    Client connect() throws IOException {
        return new Client(new Socket(InetAddress.getLoopbackAddress(), port()));
    }

    static byte[] request(int apiKey, int correlationId, int payloadBytes) {
        byte[] frame = new byte[14 + payloadBytes];
        ByteBuffer header = ByteBuffer.wrap(frame);
        header.putInt(10 + payloadBytes).putShort((short) apiKey).putShort((short) 0);
        header.putInt(correlationId).putShort((short) -1);
        return frame;
    }

    void awaitNothingInFlight() {
        Awaitility.await()
                .untilAsserted(
                        () -> assertThat(server.connections().bytesInFlight()).isZero());
    }

    @Override
    public void close() {
        server.stop();
        assertThat(server.connections().bytesInFlight()).as("bytes in flight").isZero();
        assertThat(server.connections().count()).isZero();
        assertThat(metrics.opened.get()).isEqualTo(metrics.closed.get());
        // A lost buffer is reported when the collector has found it and another one is allocated.
        for (int i = 0; i < 3; i++) {
            System.gc();
            ByteBufAllocator.DEFAULT.directBuffer(64).release();
        }
        assertThat(LEAKS).isEmpty();
    }

    /** A blocking client. */
    record Client(Socket socket) implements AutoCloseable {
        Client {
            try {
                socket.setSoTimeout(20_000);
                socket.setTcpNoDelay(true);
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }

        void send(byte[]... frames) throws IOException {
            for (byte[] frame : frames) {
                socket.getOutputStream().write(frame);
            }
            socket.getOutputStream().flush();
        }

        /** Reads one response. @return its correlation id */
        int correlationId() throws IOException {
            return ByteBuffer.wrap(response()).getInt();
        }

        byte[] response() throws IOException {
            DataInputStream input = new DataInputStream(socket.getInputStream());
            byte[] body = new byte[input.readInt()];
            input.readFully(body);
            return body;
        }

        /** Waits for the end of the stream. */
        boolean isClosedByServer() {
            try {
                return socket.getInputStream().read() < 0;
            } catch (IOException e) {
                return e.getMessage() != null && e.getMessage().contains("reset");
            }
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
