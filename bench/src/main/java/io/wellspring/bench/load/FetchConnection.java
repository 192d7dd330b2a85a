package io.wellspring.bench.load;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.FetchableTopicResponse;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;

/**
 * One member of a group: one fetch at a time for all partitions of a topic, with the limits that Kafka's consumer has by default, without a fetch
 * session. What comes is looked at only to find where it ends.
 *
 * <p>Threads: the load's own.
 */
final class FetchConnection implements AutoCloseable {
    /** By topic id; served by Kafka since 4.0. */
    static final short FETCH_VERSION = 17;

    static final int PARTITION_BYTES_MOST = 1 << 20;
    private static final int BYTES_MOST = 50 << 20;
    private static final int WAIT_MS = 500;
    private static final int INITIAL_SIZE_BYTES = 2 << 20;
    private static final int HEADER_AND_MORE = 1 << 16;
    private static final short HEADER_VERSION = ApiKeys.FETCH.responseHeaderVersion(FETCH_VERSION);

    private final SocketChannel channel;
    private final Topic topic;
    private final Offsets offsets;
    private final long[] nextOffsets;
    private ByteBuffer input = ByteBuffer.allocateDirect(INITIAL_SIZE_BYTES);
    private int correlationId;
    private long sizeBytes;

    FetchConnection(InetSocketAddress address, Selector selector, Topic topic, Offsets offsets) throws IOException {
        this.topic = topic;
        this.offsets = offsets;
        nextOffsets = new long[topic.partitionCount()];
        channel = ClientSocket.open(ClientSocket.Kind.CONSUMER, address);
        channel.register(selector, SelectionKey.OP_READ, this);
    }

    /** Bytes of whole batches that came so far. */
    long sizeBytes() {
        return sizeBytes;
    }

    void ask() throws IOException {
        correlationId++;
        ByteBuffer frame = Frame.encode(ApiKeys.FETCH, FETCH_VERSION, correlationId, request());
        // A request is small and the socket's buffer empty: it always takes all.
        while (frame.hasRemaining()) {
            channel.write(frame);
        }
    }

    private FetchRequestData request() {
        List<FetchPartition> partitions = new ArrayList<>(nextOffsets.length);
        for (int i = 0; i < nextOffsets.length; i++) {
            partitions.add(new FetchPartition()
                    .setPartition(i)
                    .setFetchOffset(nextOffsets[i])
                    .setPartitionMaxBytes(PARTITION_BYTES_MOST));
        }
        return new FetchRequestData()
                .setMaxWaitMs(WAIT_MS)
                .setMinBytes(1)
                .setMaxBytes(BYTES_MOST)
                .setSessionEpoch(-1)
                .setTopics(List.of(new FetchTopic().setTopicId(topic.id()).setPartitions(partitions)));
    }

    /**
     * Reads what has come.
     *
     * @return whether the answer is whole, so that the next fetch can go out
     */
    boolean receive() throws IOException {
        if (channel.read(input) < 0) {
            throw new EOFException("the broker closed the connection");
        }
        if (input.position() < Integer.BYTES) {
            return false;
        }
        int wholeSize = Integer.BYTES + input.getInt(0);
        if (wholeSize < Integer.BYTES || wholeSize > BYTES_MOST + PARTITION_BYTES_MOST + HEADER_AND_MORE) {
            throw new IOException("an answer of " + wholeSize + " bytes");
        }
        if (input.capacity() < wholeSize) {
            input = ByteBuffer.allocateDirect(2 * wholeSize).put(input.flip());
        }
        if (input.position() < wholeSize) {
            return false;
        }
        accept(input.flip().position(Integer.BYTES));
        input.clear();
        return true;
    }

    private void accept(ByteBuffer bytes) throws IOException {
        ByteBufferAccessor readable = new ByteBufferAccessor(bytes);
        int answered = readable.readInt();
        if (answered != correlationId || (HEADER_VERSION > 0 && readable.readUnsignedVarint() != 0)) {
            throw new IOException("an answer to " + answered + " where that to " + correlationId + " is due");
        }
        FetchResponseData response = new FetchResponseData(readable, FETCH_VERSION);
        check(response.errorCode());
        for (FetchableTopicResponse each : response.responses()) {
            for (PartitionData partition : each.partitions()) {
                check(partition.errorCode());
                if (partition.records() instanceof MemoryRecords records && records.sizeInBytes() > 0) {
                    advance(partition.partitionIndex(), records.buffer());
                }
            }
        }
    }

    private void advance(int partition, ByteBuffer records) throws IOException {
        Offsets.Progress progress = offsets.read(records, nextOffsets[partition]);
        if (progress.sizeBytes() == 0) {
            throw new IOException("partition " + partition + " gave no whole batch at " + nextOffsets[partition]);
        }
        nextOffsets[partition] = progress.nextOffset();
        sizeBytes += progress.sizeBytes();
    }

    private static void check(short errorCode) throws IOException {
        if (errorCode != Errors.NONE.code()) {
            throw new IOException("fetch refused: " + Errors.forCode(errorCode));
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
