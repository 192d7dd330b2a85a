package io.wellspring.bench.load;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * Groups of consumers with one member each, all on one thread: each reads a topic from its beginning on, the topic growing or not. Any refusal, broken
 * connection or silence of a minute ends it with an exception.
 */
public final class FetchLoad {
    private static final long SILENCE_NANOS = Duration.ofMinutes(1).toNanos();
    private static final long SELECT_MOST_MS = 100;
    private static final long CAUGHT_UP_NANOS = Duration.ofMillis(50).toNanos();

    private final InetSocketAddress address;
    private final Topic topic;
    private final Offsets offsets;
    private final double nanosPerByte;

    /**
     * Reads as fast as it goes.
     *
     * @param hasRecords false if offsets are positions in a file, as with the floor
     */
    public FetchLoad(InetSocketAddress address, Topic topic, boolean hasRecords) {
        this(address, topic, hasRecords, 0);
    }

    private FetchLoad(InetSocketAddress address, Topic topic, boolean hasRecords, double nanosPerByte) {
        this.address = address;
        this.topic = topic;
        this.offsets = hasRecords ? Offsets.RECORDS : Offsets.BYTES;
        this.nanosPerByte = nanosPerByte;
    }

    /** One group that reads a topic of records, at most so fast. */
    public static FetchLoad paced(InetSocketAddress address, Topic topic, double bytesPerSecond) {
        return new FetchLoad(address, topic, true, 1e9 / bytesPerSecond);
    }

    /** What was read. */
    public record Result(long sizeBytes, long elapsedNanos) {
        /** Of all groups together. */
        public double bytesPerSecond() {
            return sizeBytes * 1e9 / elapsedNanos;
        }
    }

    /**
     * Reads until each group has had so many bytes.
     *
     * @param bytesPerGroup may become known only later, and is the largest number until then
     */
    public Result run(int groupCount, LongSupplier bytesPerGroup) throws IOException {
        List<FetchConnection> connections = new ArrayList<>();
        try (Selector selector = Selector.open()) {
            for (int i = 0; i < groupCount; i++) {
                connections.add(new FetchConnection(address, selector, topic, offsets));
            }
            return read(selector, connections, bytesPerGroup);
        } finally {
            for (FetchConnection connection : connections) {
                connection.close();
            }
        }
    }

    private Result read(Selector selector, List<FetchConnection> connections, LongSupplier bytesPerGroup)
            throws IOException {
        long begin = System.nanoTime();
        for (FetchConnection connection : connections) {
            connection.ask();
        }
        long lastProgress = begin;
        long paceBegin = begin;
        int readingCount = connections.size();
        while (readingCount > 0) {
            selector.select(SELECT_MOST_MS);
            for (SelectionKey key : selector.selectedKeys()) {
                FetchConnection connection = (FetchConnection) key.attachment();
                long before = connection.sizeBytes();
                boolean isWhole = connection.receive();
                if (connection.sizeBytes() > before) {
                    lastProgress = System.nanoTime();
                }
                if (!isWhole) {
                    continue;
                }
                if (connection.sizeBytes() >= bytesPerGroup.getAsLong()) {
                    readingCount--;
                } else {
                    paceBegin = keepPace(paceBegin, connection.sizeBytes());
                    connection.ask();
                }
            }
            selector.selectedKeys().clear();
            if (System.nanoTime() - lastProgress > SILENCE_NANOS) {
                throw new IOException("nothing came for a minute");
            }
            if (Thread.currentThread().isInterrupted()) {
                throw new IOException("interrupted");
            }
        }
        long sizeBytes =
                connections.stream().mapToLong(FetchConnection::sizeBytes).sum();
        return new Result(sizeBytes, System.nanoTime() - begin);
    }

    /**
     * Waits until so many bytes may have come.
     *
     * @return when they would have begun to come at this pace: later than given after a stall, most of which is not caught up
     */
    private long keepPace(long beginNanos, long sizeBytes) {
        long due = beginNanos + Math.round(sizeBytes * nanosPerByte);
        long late = System.nanoTime() - due;
        if (late > CAUGHT_UP_NANOS) {
            return beginNanos + late - CAUGHT_UP_NANOS;
        }
        for (long left = -late; left > 0 && !Thread.currentThread().isInterrupted(); left = due - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
        return beginNanos;
    }
}
