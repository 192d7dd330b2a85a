package io.wellspring.testing;

import static java.util.Objects.requireNonNull;

import io.wellspring.api.ApiProperties;
import io.wellspring.api.ApiRegistry;
import io.wellspring.api.ConnectionContext;
import io.wellspring.api.RequestDispatcher;
import io.wellspring.api.RequestHandler;
import io.wellspring.api.RequestMetrics;
import io.wellspring.model.Endpoint;
import io.wellspring.model.SecurityProtocol;
import io.wellspring.model.TopicId;
import io.wellspring.model.TopicPartition;
import io.wellspring.partition.Partition;
import io.wellspring.partition.PartitionMetrics;
import io.wellspring.partition.Partitions;
import io.wellspring.topic.NewTopic;
import io.wellspring.topic.TopicCommands;
import io.wellspring.topic.Topics;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.protocol.ApiMessage;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.MapPropertySource;

/**
 * The broker without its sockets: the real rooms from the dispatcher down to the disk, on a clock that stands still until the test lets time
 * pass. Requests go in as the bytes that the Java client writes and come out as the bytes it would read.
 */
public final class TestCore implements AutoCloseable {
    private static final int CORRELATION_ID = 4711;
    private static final List<String> GROUPS = List.of("io.wellspring.coordinator.group", "io.wellspring.api.groups");
    private static final long LONGEST_ANSWER_SECONDS = 30;

    private final ManualTimers time = new ManualTimers();
    private final AnnotationConfigApplicationContext rooms = new AnnotationConfigApplicationContext();
    private final ExecutorService eventLoop = Executors.newSingleThreadExecutor();
    private final AtomicLong connectionIds = new AtomicLong();
    private final RequestDispatcher dispatcher;
    private ConnectionContext connection = newConnection();

    @Configuration(proxyBeanMethods = false)
    @EnableConfigurationProperties(ApiProperties.class)
    static class ApiSettings {}

    /** Starts the rooms on this directory, with these settings over the defaults. */
    public TestCore(Path data, Map<String, Object> overrides) {
        this(data, overrides, PartitionMetrics.NONE);
    }

    /** The same with the coordination of groups and its APIs, on the library's own clock. */
    public static TestCore withGroups(Path data, Map<String, Object> overrides) {
        return new TestCore(data, overrides, PartitionMetrics.NONE, GROUPS, InstantSource.system());
    }

    /** The same on this clock: offsets are dated by it, and expire by it. */
    public static TestCore withGroups(Path data, Map<String, Object> overrides, InstantSource clock) {
        return new TestCore(data, overrides, PartitionMetrics.NONE, GROUPS, clock);
    }

    /** The same, with somebody who listens to the partitions. */
    public TestCore(Path data, Map<String, Object> overrides, PartitionMetrics metrics) {
        this(data, overrides, metrics, List.of(), InstantSource.system());
    }

    private TestCore(
            Path data,
            Map<String, Object> overrides,
            PartitionMetrics metrics,
            List<String> morePackages,
            InstantSource clock) {
        Map<String, Object> properties = new HashMap<>(overrides);
        properties.put("wellspring.log.directories", data.toString());
        rooms.getEnvironment().getPropertySources().addFirst(new MapPropertySource("test", properties));
        rooms.registerBean("manualTimers", ManualTimers.class, () -> time, definition -> definition.setPrimary(true));
        rooms.registerBean("testClock", InstantSource.class, () -> clock, definition -> definition.setPrimary(true));
        rooms.registerBean(PartitionMetrics.class, () -> metrics);
        rooms.register(ApiSettings.class);
        rooms.scan(
                "io.wellspring.support",
                "io.wellspring.batch",
                "io.wellspring.log",
                "io.wellspring.topic",
                "io.wellspring.partition",
                "io.wellspring.api.data");
        if (!morePackages.isEmpty()) {
            rooms.scan(morePackages.toArray(new String[0]));
        }
        rooms.refresh();
        List<RequestHandler<?, ?>> handlers = rooms.getBeanProvider(RequestHandler.class).stream()
                .<RequestHandler<?, ?>>map(handler -> handler)
                .toList();
        dispatcher = new RequestDispatcher(new ApiRegistry(handlers), RequestMetrics.NONE, time);
    }

    private ConnectionContext newConnection() {
        return new ConnectionContext(
                connectionIds.incrementAndGet(),
                new Endpoint("PLAINTEXT", SecurityProtocol.PLAINTEXT, "broker.test", 9092),
                InetAddress.getLoopbackAddress(),
                new TestLoop(eventLoop, time));
    }

    public ManualTimers time() {
        return time;
    }

    /** Closes the connection of all requests so far; the next ones come on another. */
    public void disconnect() {
        connection.close();
        connection = newConnection();
    }

    public TopicId createTopic(String name, int partitionCount, Map<String, @Nullable String> settings) {
        TopicId id = TopicId.random();
        Object refusal = rooms.getBean(Topics.class)
                .propose(
                        rooms.getBean(TopicCommands.class)
                                .create(new NewTopic(name, id, partitionCount, -1, List.of(), settings)),
                        Duration.ofSeconds(LONGEST_ANSWER_SECONDS))
                .toCompletableFuture()
                .join();
        if (refusal != null) {
            throw new AssertionError("topic " + name + " was refused: " + refusal);
        }
        return id;
    }

    public void deleteTopic(String name) {
        Object refusal = rooms.getBean(Topics.class)
                .propose(rooms.getBean(TopicCommands.class).delete(name), Duration.ofSeconds(LONGEST_ANSWER_SECONDS))
                .toCompletableFuture()
                .join();
        if (refusal != null) {
            throw new AssertionError("topic " + name + " was not deleted: " + refusal);
        }
    }

    public Partition partition(String topic, int index) {
        return requireNonNull(rooms.getBean(Partitions.class).find(new TopicPartition(topic, index)));
    }

    /** A bean of the rooms. */
    public <T> T bean(Class<T> type) {
        return rooms.getBean(type);
    }

    /**
     * Sends a request under a client's name; its handler has begun, and done what it does at once, when this returns.
     *
     * @return completes with null where there is no answer, exceptionally where the connection is closed
     */
    public <R extends ApiMessage> CompletableFuture<@Nullable R> send(
            ApiMessageType api, int version, @Nullable String clientId, ApiMessage request, R response) {
        ByteBuffer frame = Frames.request(api, version, CORRELATION_ID, clientId, request);
        ConnectionContext from = connection;
        FutureAnswer answer = new FutureAnswer();
        CompletableFuture.runAsync(() -> dispatcher.process(from, frame, answer), eventLoop)
                .join();
        return answer.future()
                .thenApply(bytes -> bytes == null ? null : Frames.read(bytes, api, version, CORRELATION_ID, response));
    }

    /** Sends a request and waits for its answer. */
    public <R extends ApiMessage> R ask(ApiMessageType api, int version, ApiMessage request, R response) {
        return requireNonNull(send(api, version, "test", request, response)
                .orTimeout(LONGEST_ANSWER_SECONDS, TimeUnit.SECONDS)
                .join());
    }

    @Override
    public void close() {
        connection.close();
        rooms.close();
        eventLoop.shutdownNow();
    }
}
