package io.wellspring.bench.load;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.CreateTopicsResult;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaFuture;

/** Makes topics and deletes them, over Kafka's own admin client. */
public final class Topics implements AutoCloseable {
    private static final short ONE_REPLICA = 1;
    private static final int LIMIT_MS = 300_000;

    private final Admin admin;

    private Topics(Admin admin) {
        this.admin = admin;
    }

    /** Connects. */
    public static Topics at(String bootstrap) {
        return new Topics(Admin.create(Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrap,
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                LIMIT_MS,
                // A request that is given up and sent again finds its topic made.
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
                LIMIT_MS)));
    }

    /** Makes one; it can be written to when this returns, or soon after. */
    public Topic create(String name, int partitionCount) throws IOException {
        return createAll(List.of(name), partitionCount).getFirst();
    }

    /** Makes several of the same number of partitions. */
    public List<Topic> createAll(List<String> names, int partitionCount) throws IOException {
        List<NewTopic> wanted = names.stream()
                .map(name -> new NewTopic(name, partitionCount, ONE_REPLICA))
                .toList();
        CreateTopicsResult result = admin.createTopics(wanted);
        List<Topic> topics = new ArrayList<>();
        for (String name : names) {
            topics.add(new Topic(name, get(result.topicId(name)), partitionCount));
        }
        return topics;
    }

    /** Deletes one. Its files may stay for some time. */
    public void delete(String name) throws IOException {
        get(admin.deleteTopics(List.of(name)).all());
    }

    private static <T> T get(KafkaFuture<T> future) throws IOException {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            InterruptedIOException interrupted = new InterruptedIOException("interrupted");
            interrupted.initCause(e);
            throw interrupted;
        }
    }

    @Override
    public void close() {
        admin.close();
    }
}
