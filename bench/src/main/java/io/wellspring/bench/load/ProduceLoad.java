package io.wellspring.bench.load;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Producers, all on one thread: frames built beforehand go from memory outside the heap into sockets, which leaves the machine to the broker. The
 * frames are sent in turn, connection by connection. Any refusal, broken connection or silence of a minute ends the load with an exception.
 *
 * <p>Where moments are fixed the thread looks every 50 to 100 µs whether one has come: that is the resolution of its latencies.
 */
public final class ProduceLoad {
    private static final long SILENCE_NANOS = Duration.ofMinutes(1).toNanos();
    private static final long LOOK_NANOS = 50_000;
    private static final long SELECT_MOST_MS = 100;

    private final InetSocketAddress address;
    private final List<Frame> frames;
    private final int connectionCount;

    /** @param connectionCount one per producer */
    public ProduceLoad(InetSocketAddress address, Topic topic, BatchShape shape, int connectionCount) {
        this.address = address;
        this.frames = Frame.build(topic, shape);
        this.connectionCount = connectionCount;
    }

    /** Sends until the pace says that it is enough and everything is answered. */
    public LoadResult run(Pace pace) throws IOException {
        return run(pace, () -> false);
    }

    /** Sends until the pace or someone else says that it is enough, and everything is answered. */
    public LoadResult run(Pace pace, BooleanSupplier isEnough) throws IOException {
        double batchSizeBytes =
                frames.stream().mapToInt(Frame::batchSizeBytes).average().orElseThrow();
        try (Selector selector = Selector.open();
                Run run = new Run(selector, Schedule.of(pace, batchSizeBytes, isEnough))) {
            run.connect();
            return run.go();
        }
    }

    /** One run over its connections. */
    private final class Run implements ProduceConnection.Answers, AutoCloseable {
        private final Selector selector;
        private final Schedule schedule;
        private final List<ProduceConnection> connections = new ArrayList<>();
        private final Latencies latencies = new Latencies();
        private long beginNanos;
        private long lastAnswerNanos;
        private long sizeBytes;
        private long recordCount;
        private long answeredCount;

        Run(Selector selector, Schedule schedule) {
            this.selector = selector;
            this.schedule = schedule;
        }

        void connect() throws IOException {
            for (int i = 0; i < connectionCount; i++) {
                connections.add(new ProduceConnection(address, selector));
            }
        }

        LoadResult go() throws IOException {
            beginNanos = System.nanoTime();
            while (!schedule.isOver(now()) || !isAnswered()) {
                if (schedule.isPaced()) {
                    addWhatIsDue();
                } else {
                    fill();
                }
                for (ProduceConnection connection : connections) {
                    connection.send();
                }
                await();
                if (!isAnswered() && now() - lastAnswerNanos > SILENCE_NANOS) {
                    throw new IOException("no answer for a minute");
                }
            }
            long elapsed = lastAnswerNanos - schedule.warmUpNanos();
            return new LoadResult(sizeBytes, recordCount, latencies.count(), elapsed, latencies);
        }

        private long now() {
            return System.nanoTime() - beginNanos;
        }

        private boolean isAnswered() {
            return answeredCount == schedule.issuedCount();
        }

        private void addWhatIsDue() {
            long now = now();
            while (schedule.isDue(now)) {
                addTo(connections.get((int) (schedule.issuedCount() % connections.size())), now);
            }
        }

        private void fill() {
            for (ProduceConnection connection : connections) {
                long now = now();
                while (connection.hasRoom() && !schedule.isOver(now)) {
                    addTo(connection, now);
                }
            }
        }

        private void addTo(ProduceConnection connection, long now) {
            int index = (int) (schedule.issuedCount() % frames.size());
            connection.add(new ProduceConnection.Request(index, frames.get(index), schedule.take(now)));
        }

        private void await() throws IOException {
            int readyCount = schedule.isPaced() ? selector.selectNow() : selector.select(SELECT_MOST_MS);
            if (readyCount == 0 && schedule.isPaced()) {
                LockSupport.parkNanos(LOOK_NANOS);
                return;
            }
            for (SelectionKey key : selector.selectedKeys()) {
                if (key.isReadable()) {
                    ((ProduceConnection) key.attachment()).receive(this);
                }
            }
            selector.selectedKeys().clear();
        }

        @Override
        public void succeeded(ProduceConnection.Request request) {
            long now = now();
            lastAnswerNanos = now;
            answeredCount++;
            if (schedule.isCounted(request.intendedNanos())) {
                latencies.add(beginNanos + request.intendedNanos(), now - request.intendedNanos());
                sizeBytes += request.frame().batchSizeBytes();
                recordCount += request.frame().recordCount();
            }
        }

        @Override
        public void close() throws IOException {
            for (ProduceConnection connection : connections) {
                connection.close();
            }
        }
    }
}
