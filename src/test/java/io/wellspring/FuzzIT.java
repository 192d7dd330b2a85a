package io.wellspring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.management.ThreadMXBean;
import io.wellspring.api.ConnectionContext;
import io.wellspring.api.ConnectionRefusedException;
import io.wellspring.api.RequestProcessor;
import io.wellspring.model.Endpoint;
import io.wellspring.model.SecurityProtocol;
import io.wellspring.network.Connections;
import io.wellspring.protocol.EncodedResponse;
import io.wellspring.protocol.MalformedFrameException;
import io.wellspring.support.Timers;
import io.wellspring.testing.Frames;
import io.wellspring.testing.FutureAnswer;
import io.wellspring.testing.TestBroker;
import io.wellspring.testing.TestLoop;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/**
 * Mutated frames against the whole broker: each ends in a response or a closed connection, none allocates beyond its bound, none
 * leaves a buffer behind, and clients beside it notice nothing. Replay with {@code -Dtest.fuzz.seed=N}, lengthen with
 * {@code -Dtest.fuzz.frames=N}.
 */
@ExtendWith(OutputCaptureExtension.class)
final class FuzzIT {
    private static final String TOPIC = "fuzzed";
    private static final int FRAMES = Integer.getInteger("test.fuzz.frames", 100_000);
    private static final long SEED = Long.getLong("test.fuzz.seed", 20_261_123L);
    private static final int FRAMES_BETWEEN_CHECKS = 1_000;
    private static final int SOCKET_FRAMES_OF_HUNDRED = 5;

    /** Memory that building a message may take for each byte of its frame: {@code FrameWalk}'s bound. */
    private static final long DECODED_BYTES_PER_BYTE = 16;

    /**
     * What a request may take beside that: 64 KiB are the walk's for short frames, the rest is for handler, answer and log line. Of 100,000
     * frames the hungriest took 475 KiB more than 16 times its size, loading classes, and 337 KiB after that; a list that is made as long as
     * its count claims takes 16 MiB and more.
     */
    private static final long ALLOCATION_SLACK_BYTES = 1 << 20;

    private static TestBroker broker;
    private static List<FuzzCorpus.Seed> corpus;
    private static ExecutorService eventLoop;

    @BeforeAll
    static void startBroker() throws Exception {
        broker = TestBroker.start(Map.of(
                "wellspring.api.fetch-max-wait", "10ms",
                "wellspring.topics.max-partitions", "300",
                "wellspring.topics.max-partitions-per-topic", "100",
                "wellspring.topics.deletable", "false",
                "wellspring.log.flush", "os"));
        eventLoop = Executors.newSingleThreadExecutor();
        Uuid topicId;
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            topicId = admin.createTopics(List.of(new NewTopic(TOPIC, 1, (short) 1)))
                    .topicId(TOPIC)
                    .get();
        }
        corpus = FuzzCorpus.of(apiVersions().apiKeys(), TOPIC, topicId, SEED);
    }

    @AfterAll
    static void stopBroker() {
        eventLoop.shutdownNow();
        broker.close();
    }

    @Test
    void everyMutatedFrameEndsInAResponseOrAClosedConnection(CapturedOutput output) throws Exception {
        System.out.println("SEED=" + SEED);
        FrameMutator mutator = new FrameMutator(SEED);
        ConnectionContext connection = new ConnectionContext(
                -1L,
                new Endpoint("PLAINTEXT", SecurityProtocol.PLAINTEXT, "127.0.0.1", 9092),
                InetAddress.getLoopbackAddress(),
                new TestLoop(eventLoop, broker.bean(Timers.class)));
        RequestProcessor processor = broker.bean(RequestProcessor.class);
        for (int i = 0; i < FRAMES; i++) {
            byte[] frame = mutator.mutate(corpus.get(i % corpus.size()));
            if (i % 100 < SOCKET_FRAMES_OF_HUNDRED) {
                sendOverSocket(frame, i);
            } else {
                process(processor, connection, frame, i);
            }
            if (i % FRAMES_BETWEEN_CHECKS == 0) {
                assertThat(apiVersions().errorCode())
                        .as("a healthy client after frame %d", i)
                        .isZero();
            }
        }
        Connections connections = broker.bean(Connections.class);
        await().untilAsserted(() -> assertThat(connections.count()).isZero());
        assertThat(connections.bytesInFlight()).as("bytes still charged").isZero();
        // A lost buffer is reported when the collector has found it and others are allocated.
        for (int i = 0; i < 3; i++) {
            System.gc();
            assertThat(apiVersions().errorCode()).isZero();
        }
        assertThat(output.getAll()).doesNotContain("LEAK:", " ERROR ");
    }

    private static void process(RequestProcessor processor, ConnectionContext connection, byte[] frame, int number)
            throws Exception {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        FutureAnswer answer = new FutureAnswer();
        processor.process(connection, ByteBuffer.wrap(frame), answer);
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertThat(allocated)
                .as("bytes allocated for frame %d", number)
                .isLessThan(DECODED_BYTES_PER_BYTE * frame.length + ALLOCATION_SLACK_BYTES);
        try {
            @Nullable EncodedResponse response = answer.future().get(30, TimeUnit.SECONDS);
            if (response != null) {
                assertWellFormed(Frames.bytes(response), frame, number);
            }
        } catch (ExecutionException e) {
            // The connection would be closed, for one of the two reasons there are.
            assertThat(e.getCause())
                    .as("frame %d", number)
                    .isInstanceOfAny(MalformedFrameException.class, ConnectionRefusedException.class);
        } catch (TimeoutException e) {
            throw new AssertionError("frame " + number + " was not answered: " + hex(frame), e);
        }
    }

    /** The client's own reader understands the answer, and no part of it says "unknown server error". */
    private static void assertWellFormed(ByteBuffer response, byte[] frame, int number) {
        ByteBuffer request = ByteBuffer.wrap(frame);
        ApiMessageType api = ApiMessageType.fromApiKey(request.getShort(0));
        short version = request.getShort(2);
        if (api == ApiMessageType.API_VERSIONS && (version < 0 || version > api.highestSupportedVersion(false))) {
            version = 0;
        }
        assertThat(response.getInt(0))
                .as("size of the answer to frame %d", number)
                .isEqualTo(response.limit() - 4);
        assertThat(response.getInt(4))
                .as("correlation id of the answer to frame %d", number)
                .isEqualTo(request.getInt(4));
        ByteBuffer body = response.slice(4, response.limit() - 4);
        var header = new org.apache.kafka.common.message.ResponseHeaderData();
        var reader = new org.apache.kafka.common.protocol.ByteBufferAccessor(body);
        header.read(reader, api.responseHeaderVersion(version));
        var message = api.newResponse();
        message.read(reader, version);
        assertThat(body.remaining())
                .as("bytes left over in the answer to frame %d", number)
                .isZero();
        assertThat(message.toString())
                .as("the answer to frame %d: %s", number, hex(frame))
                .doesNotContain("errorCode=" + Errors.UNKNOWN_SERVER_ERROR.code() + ",", "errorCode=-1)");
    }

    private static void sendOverSocket(byte[] frame, int number) throws IOException {
        try (Socket socket = connect()) {
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            out.writeInt(number % 7 == 0 ? frame.length + 1 : frame.length);
            if (number % 3 == 0) {
                for (byte single : frame) {
                    out.write(single);
                }
            } else {
                out.write(frame);
            }
            out.flush();
            socket.shutdownOutput();
            socket.getInputStream().readAllBytes();
        } catch (SocketException e) {
            // A reset is a closed connection.
            assertThat(e).hasMessageMatching("(?i).*(reset|broken pipe|closed).*");
        }
    }

    private static ApiVersionsResponseData apiVersions() throws IOException {
        ByteBuffer request = Frames.request(ApiMessageType.API_VERSIONS, 0, 7, "healthy", new ApiVersionsRequestData());
        try (Socket socket = connect()) {
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            byte[] frame = new byte[request.remaining()];
            request.get(frame);
            out.writeInt(frame.length);
            out.write(frame);
            out.flush();
            DataInputStream in = new DataInputStream(socket.getInputStream());
            byte[] answer = in.readNBytes(in.readInt());
            if (answer.length < 4) {
                throw new EOFException("no answer");
            }
            ApiVersionsResponseData data = new ApiVersionsResponseData();
            data.read(
                    new org.apache.kafka.common.protocol.ByteBufferAccessor(
                            ByteBuffer.wrap(answer, 4, answer.length - 4).slice()),
                    (short) 0);
            return data;
        }
    }

    private static Socket connect() throws IOException {
        String[] hostAndPort = broker.bootstrapServers().split(":", -1);
        Socket socket = new Socket(hostAndPort[0], Integer.parseInt(hostAndPort[1]));
        socket.setSoTimeout(30_000);
        return socket;
    }

    private static String hex(byte[] bytes) {
        return java.util.HexFormat.of().formatHex(bytes);
    }
}
