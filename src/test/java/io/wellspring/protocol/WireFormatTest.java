package io.wellspring.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.DeleteRecordsRequestData;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsTopic;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.message.ResponseHeaderData;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.Message;
import org.apache.kafka.common.protocol.ObjectSerializationCache;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Our reader and writer against Kafka's own, byte for byte, for every API in every version. */
class WireFormatTest {
    private static final long SEED = 20261123;
    private static final int ROUNDS = 5;

    record Version(ApiMessageType api, short version) {}

    static List<Version> versions() {
        List<Version> versions = new ArrayList<>();
        for (ApiMessageType api : ApiMessageType.values()) {
            for (int v = api.lowestSupportedVersion(); v <= api.highestSupportedVersion(true); v++) {
                versions.add(new Version(api, (short) v));
            }
        }
        return versions;
    }

    private static ApiMessage decode(ByteBuffer frame) {
        return RequestDecoder.decode(frame, RequestHeaderView.peek(frame));
    }

    @ParameterizedTest
    @MethodSource("versions")
    void requestsAreReadAsKafkaReadsThem(Version v) {
        RandomMessages random = new RandomMessages(SEED);
        for (int round = 0; round < ROUNDS; round++) {
            ByteBuffer body = random.bytes(v.api.requestSchemas()[v.version]);
            ByteBuffer frame = frame(v, body);

            ApiMessage decoded = decode(frame);
            RequestHeaderView header = RequestHeaderView.peek(frame);

            assertThat(header.apiKey()).isEqualTo(v.api.apiKey());
            assertThat(header.correlationId()).isEqualTo(42);
            assertThat(header.clientId()).isEqualTo("klient-ß");
            assertThat(frame.position()).isZero();
            assertThat(decoded).isEqualTo(RandomMessages.read(v.api.newRequest(), body, v.version));
        }
    }

    @ParameterizedTest
    @MethodSource("versions")
    void responsesAreWrittenAsKafkaWritesThem(Version v) {
        RandomMessages random = new RandomMessages(SEED);
        for (int round = 0; round < ROUNDS; round++) {
            ByteBuffer body = random.bytes(v.api.responseSchemas()[v.version]);
            ApiMessage message = RandomMessages.read(v.api.newResponse(), body, v.version);

            EncodedResponse encoded = ResponseEncoder.encode(v.api, v.version, 42, message);

            ByteBuffer header =
                    written(new ResponseHeaderData().setCorrelationId(42), v.api.responseHeaderVersion(v.version));
            ByteBuffer golden = written(message, v.version);
            ByteBuffer expected = ByteBuffer.allocate(4 + header.remaining() + golden.remaining());
            expected.putInt(expected.capacity() - 4).put(header).put(golden);
            assertThat(join(encoded)).isEqualTo(expected.flip());
            assertThat(encoded.sizeBytes()).isEqualTo(expected.limit());
        }
    }

    @ParameterizedTest
    @MethodSource("versions")
    void everyTruncationAndEveryByteTooManyIsMalformed(Version v) {
        ByteBuffer frame = frame(v, new RandomMessages(SEED).bytes(v.api.requestSchemas()[v.version]));
        for (int size = 0; size < frame.limit(); size++) {
            ByteBuffer cut = frame.slice(0, size);
            assertThatExceptionOfType(MalformedFrameException.class).isThrownBy(() -> decode(cut));
        }
        ByteBuffer longer =
                ByteBuffer.allocate(frame.limit() + 1).put(frame.duplicate()).clear();
        assertThatExceptionOfType(MalformedFrameException.class).isThrownBy(() -> decode(longer));
    }

    @ParameterizedTest
    @MethodSource("versions")
    void hostileFramesEndInARequestOrAsMalformedWithinTheAllocationBound(Version v) {
        Random random = new Random(SEED);
        byte[] good = bytes(frame(v, new RandomMessages(SEED).bytes(v.api.requestSchemas()[v.version])));
        decodeOrRefuse(ByteBuffer.wrap(good)); // shapes and classes are made once
        decodeOrRefuse(ByteBuffer.wrap(good, 0, good.length - 1));
        int[] lies = {0, 1, 2, 0x7f, -1, 0x7fffffff, 1_000_000};
        for (int round = 0; round < 300; round++) {
            // A lie about a length, then many small bytes: counts that seem to fit, of the smallest elements there are.
            int at = 8 + random.nextInt(good.length - 8);
            byte[] hostile = new byte[Math.max(at + 4, good.length) + 200_000];
            System.arraycopy(good, 0, hostile, 0, good.length);
            int lie = round % 3 == 0 ? 100_000 + random.nextInt(100_000) : lies[random.nextInt(lies.length)];
            if (random.nextBoolean()) {
                ByteBuffer.wrap(hostile).putInt(at, lie);
            } else {
                int rest = lie;
                for (int i = at; i < at + 5 && i < hostile.length; i++, rest >>>= 7) {
                    hostile[i] = (byte) ((rest & 0x7f) | (rest >>> 7 != 0 ? 0x80 : 0));
                }
            }
            java.util.Arrays.fill(hostile, Math.max(at + 5, good.length), hostile.length, (byte) (round % 4));

            long allocated = allocatedBy(() -> decodeOrRefuse(ByteBuffer.wrap(hostile)));

            assertThat(allocated).isLessThan(FrameWalk.allocationBound(hostile.length) + 64 * 1024);
        }
    }

    @Test
    void noFrameIsLargeEnoughForAMessageBeyondTheBound() {
        int fitting = 0;
        int refused = 1 << 20;
        while (refused - fitting > 1) {
            int count = (fitting + refused) >>> 1;
            if (isDecoded(metadataOf(count))) {
                fitting = count;
            } else {
                refused = count;
            }
        }
        ByteBuffer largest = metadataOf(fitting);
        ByteBuffer tooLarge = metadataOf(refused);
        long allocated = allocatedBy(() -> decode(largest));

        assertThat(largest.remaining() * 16L).isGreaterThan(FrameWalk.MOST_BYTES);
        assertThat(allocated).isBetween(FrameWalk.MOST_BYTES / 4, FrameWalk.MOST_BYTES);
        assertThatThrownBy(() -> decode(tooLarge))
                .isInstanceOf(MalformedFrameException.class)
                .hasMessageContaining("more than " + FrameWalk.MOST_BYTES + " bytes of memory");
    }

    @Test
    void hashTablesAreFilledNoFurtherThanTheWorstKeysAllow() {
        int most = (int) Math.sqrt(FrameWalk.MOST_HASHING_STEPS);

        assertThat(isDecoded(deleteRecordsOf(most + 1))).as("a plain list").isTrue();
        assertThat(isDecoded(createTopicsOf(most))).isTrue();
        assertThatThrownBy(() -> decode(createTopicsOf(most + 1)))
                .isInstanceOf(MalformedFrameException.class)
                .hasMessageContaining(Integer.toString(most + 1));
    }

    private static ByteBuffer createTopicsOf(int topics) {
        CreateTopicsRequestData request = new CreateTopicsRequestData();
        for (int i = 0; i < topics; i++) {
            request.topics().mustAdd(new CreatableTopic().setName("t" + i));
        }
        return frame(new Version(ApiMessageType.CREATE_TOPICS, (short) 2), written(request, (short) 2));
    }

    private static ByteBuffer deleteRecordsOf(int topics) {
        DeleteRecordsRequestData request = new DeleteRecordsRequestData();
        for (int i = 0; i < topics; i++) {
            request.topics().add(new DeleteRecordsTopic().setName("t" + i));
        }
        return frame(new Version(ApiMessageType.DELETE_RECORDS, (short) 1), written(request, (short) 1));
    }

    private static boolean isDecoded(ByteBuffer frame) {
        try {
            decode(frame);
            return true;
        } catch (MalformedFrameException e) {
            return false;
        }
    }

    /** Metadata version 0: a count, then names of twenty letters. */
    private static ByteBuffer metadataOf(int topics) {
        byte[] name = "abcdefghijklmnopqrst".getBytes(StandardCharsets.US_ASCII);
        ByteBuffer frame = ByteBuffer.allocate(14 + (2 + name.length) * topics)
                .putShort(ApiMessageType.METADATA.apiKey())
                .putShort((short) 0)
                .putInt(7)
                .putShort((short) -1)
                .putInt(topics);
        for (int topic = 0; topic < topics; topic++) {
            for (int i = 0; i < 6; i++) {
                name[i] = (byte) ('a' + ((topic >>> (4 * i)) & 15)); // names that are read again would cost nothing
            }
            frame.putShort((short) name.length).put(name);
        }
        return frame.flip();
    }

    private static void decodeOrRefuse(ByteBuffer frame) {
        try {
            decode(frame);
        } catch (MalformedFrameException e) {
            assertThat(e.getMessage()).isNotEmpty();
        }
    }

    private static long allocatedBy(Runnable task) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        task.run();
        return threads.getCurrentThreadAllocatedBytes() - before;
    }

    private static ByteBuffer frame(Version v, ByteBuffer body) {
        RequestHeaderData header = new RequestHeaderData()
                .setRequestApiKey(v.api.apiKey())
                .setRequestApiVersion(v.version)
                .setCorrelationId(42)
                .setClientId("klient-ß");
        ByteBuffer bytes = written(header, v.api.requestHeaderVersion(v.version));
        ByteBuffer frame = ByteBuffer.allocate(bytes.remaining() + body.remaining());
        return frame.put(bytes).put(body.duplicate()).flip();
    }

    private static ByteBuffer written(Message message, short version) {
        ObjectSerializationCache cache = new ObjectSerializationCache();
        ByteBuffer buffer = ByteBuffer.allocate(message.size(cache, version));
        message.write(new ByteBufferAccessor(buffer), cache, version);
        return buffer.flip();
    }

    private static ByteBuffer join(EncodedResponse response) {
        ByteBuffer joined = ByteBuffer.allocate(response.sizeBytes());
        for (EncodedResponse.Part part : response.parts()) {
            if (part instanceof EncodedResponse.Bytes(ByteBuffer bytes)) {
                joined.put(bytes.duplicate());
            }
        }
        return joined.flip();
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(buffer.position(), bytes);
        return bytes;
    }
}
