package io.wellspring;

import io.wellspring.protocol.RandomMessages;
import io.wellspring.testing.Frames;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.message.ApiVersionsResponseData.ApiVersion;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;

/** Valid frames to mutate: random requests of every API and version that is claimed, and produces and fetches that mean something. */
final class FuzzCorpus {
    /** A frame without its size field. */
    static final class Seed {
        private final byte[] bytes;
        private final int batchStart;

        Seed(byte[] bytes, int batchStart) {
            this.bytes = bytes;
            this.batchStart = batchStart;
        }

        /** A copy of header and body. */
        byte[] bytes() {
            return bytes.clone();
        }

        /** Where a record batch begins in it, -1 if it holds none. */
        int batchStart() {
            return batchStart;
        }
    }

    private static final int RANDOM_OF_EACH_VERSION = 3;
    private static final byte[] MAGIC = {2};

    private final List<Seed> seeds = new ArrayList<>();
    private final RandomMessages random;

    private FuzzCorpus(long seed) {
        this.random = new RandomMessages(seed);
    }

    /** Seeds for the claimed versions; records go to and come from this topic. */
    static List<Seed> of(Iterable<ApiVersion> claimed, String topic, Uuid topicId, long seed) {
        FuzzCorpus corpus = new FuzzCorpus(seed);
        for (ApiVersion versions : claimed) {
            ApiMessageType api = ApiMessageType.fromApiKey(versions.apiKey());
            for (int version = versions.minVersion(); version <= versions.maxVersion(); version++) {
                if (version >= api.lowestSupportedVersion()) {
                    corpus.addRandom(api, (short) version);
                }
            }
        }
        for (int version = 3; version <= 13; version++) {
            corpus.addProduces(version, topic, topicId);
        }
        for (int version = 4; version <= 18; version++) {
            corpus.addFetch(version, topic, topicId);
        }
        return corpus.seeds;
    }

    private void addRandom(ApiMessageType api, short version) {
        for (int i = 0; i < RANDOM_OF_EACH_VERSION; i++) {
            ApiMessage message = api.newRequest();
            message.read(new ByteBufferAccessor(random.bytes(api.requestSchemas()[version])), version);
            add(Frames.request(api, version, i, "fuzz", message), false);
        }
    }

    private void addProduces(int version, String topic, Uuid topicId) {
        List<Compression> codecs = version < 7
                ? List.of(
                        Compression.NONE,
                        Compression.gzip().build(),
                        Compression.lz4().build())
                : List.of(
                        Compression.NONE,
                        Compression.gzip().build(),
                        Compression.snappy().build(),
                        Compression.lz4().build(),
                        Compression.zstd().build());
        for (Compression codec : codecs) {
            SimpleRecord[] records = new SimpleRecord[20];
            for (int i = 0; i < records.length; i++) {
                records[i] = new SimpleRecord(1_700_000_000_000L + i, utf8("key" + i), utf8("value number " + i));
            }
            ProduceRequestData request =
                    new ProduceRequestData().setAcks((short) -1).setTimeoutMs(1000);
            ProduceRequestData.TopicProduceData data =
                    new ProduceRequestData.TopicProduceData().setName(version < 13 ? topic : "");
            if (version >= 13) {
                data.setTopicId(topicId);
            }
            data.partitionData()
                    .add(new ProduceRequestData.PartitionProduceData()
                            .setIndex(0)
                            .setRecords(MemoryRecords.withRecords(codec, records)));
            request.topicData().add(data);
            add(Frames.request(ApiMessageType.PRODUCE, version, version, "fuzz", request), true);
        }
    }

    private void addFetch(int version, String topic, Uuid topicId) {
        FetchRequestData request = new FetchRequestData()
                .setMaxWaitMs(10)
                .setMinBytes(1)
                .setMaxBytes(1 << 20)
                .setSessionEpoch(version >= 7 ? 0 : -1);
        FetchRequestData.FetchTopic fetched = new FetchRequestData.FetchTopic();
        if (version < 13) {
            fetched.setTopic(topic);
        } else {
            fetched.setTopicId(topicId);
        }
        fetched.partitions()
                .add(new FetchRequestData.FetchPartition().setPartition(0).setPartitionMaxBytes(1 << 16));
        request.topics().add(fetched);
        add(Frames.request(ApiMessageType.FETCH, version, version, "fuzz", request), false);
    }

    private void add(ByteBuffer frame, boolean holdsBatch) {
        byte[] bytes = new byte[frame.remaining()];
        frame.get(bytes);
        seeds.add(new Seed(bytes, holdsBatch ? batchStart(bytes) : -1));
    }

    /** The batch is the end of a produce frame but for empty tagged fields: its first magic byte in the right place tells. */
    private static int batchStart(byte[] frame) {
        for (int start = 0; start + 61 <= frame.length; start++) {
            ByteBuffer at = ByteBuffer.wrap(frame, start, frame.length - start).slice();
            int length = at.getInt(8);
            boolean fits =
                    length > 49 && start + 12 + length <= frame.length && start + 12 + length >= frame.length - 8;
            if (at.getLong(0) == 0 && fits && at.get(16) == MAGIC[0]) {
                return start;
            }
        }
        throw new IllegalStateException("the frame holds no batch");
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
