package io.wellspring.api.cluster;

import io.wellspring.api.RequestContext;
import io.wellspring.api.RequestHandler;
import io.wellspring.api.VersionRange;
import io.wellspring.api.cluster.LogDirectories.LogDirectory;
import io.wellspring.api.cluster.LogDirectories.LogSize;
import io.wellspring.model.TopicPartition;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.message.DescribeLogDirsRequestData;
import org.apache.kafka.common.message.DescribeLogDirsRequestData.DescribableLogDirTopic;
import org.apache.kafka.common.message.DescribeLogDirsResponseData;
import org.apache.kafka.common.message.DescribeLogDirsResponseData.DescribeLogDirsPartition;
import org.apache.kafka.common.message.DescribeLogDirsResponseData.DescribeLogDirsResult;
import org.apache.kafka.common.message.DescribeLogDirsResponseData.DescribeLogDirsTopic;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * DescribeLogDirs: each log directory with its volume and the sizes of the logs in it. A directory that failed is answered with
 * KAFKA_STORAGE_ERROR and nothing else; none is ever cordoned, no log is on its way to another directory. Threads: any.
 */
@Component
public final class DescribeLogDirsHandler
        implements RequestHandler<DescribeLogDirsRequestData, DescribeLogDirsResponseData> {
    private final LogDirectories directories;

    DescribeLogDirsHandler(LogDirectories directories) {
        this.directories = directories;
    }

    @Override
    public ApiMessageType api() {
        return ApiMessageType.DESCRIBE_LOG_DIRS;
    }

    @Override
    public Class<DescribeLogDirsRequestData> requestType() {
        return DescribeLogDirsRequestData.class;
    }

    @Override
    public VersionRange versions() {
        return VersionRange.of(1, 5);
    }

    @Override
    public CompletionStage<DescribeLogDirsResponseData> handle(
            RequestContext context, DescribeLogDirsRequestData request) {
        try {
            return directories.describe().thenApply(described -> answer(request, described));
        } catch (RejectedExecutionException e) {
            // The disk threads have more to do than they can take on: the client may ask again.
            return CompletableFuture.completedFuture(refused(context, request, Errors.REQUEST_TIMED_OUT));
        }
    }

    private DescribeLogDirsResponseData answer(DescribeLogDirsRequestData request, List<LogDirectory> described) {
        Set<TopicPartition> asked = asked(request);
        DescribeLogDirsResponseData response = new DescribeLogDirsResponseData();
        for (LogDirectory directory : described) {
            response.results().add(describe(directory, asked));
        }
        return response;
    }

    /** Null: all of them. */
    private static @Nullable Set<TopicPartition> asked(DescribeLogDirsRequestData request) {
        if (request.topics() == null) {
            return null;
        }
        Set<TopicPartition> asked = new HashSet<>();
        for (DescribableLogDirTopic topic : request.topics()) {
            for (int index : topic.partitions()) {
                if (index >= 0 && !topic.topic().isEmpty()) {
                    asked.add(new TopicPartition(topic.topic(), index));
                }
            }
        }
        return asked;
    }

    private static DescribeLogDirsResult describe(LogDirectory directory, @Nullable Set<TopicPartition> asked) {
        DescribeLogDirsResult result = new DescribeLogDirsResult().setLogDir(directory.path());
        if (!directory.isOnline()) {
            return result.setErrorCode(Errors.KAFKA_STORAGE_ERROR.code());
        }
        Map<String, DescribeLogDirsTopic> topics = new TreeMap<>();
        for (LogSize log : directory.logs()) {
            if (asked == null || asked.contains(log.partition())) {
                topics.computeIfAbsent(log.partition().topic(), name -> new DescribeLogDirsTopic().setName(name))
                        .partitions()
                        .add(new DescribeLogDirsPartition()
                                .setPartitionIndex(log.partition().partition())
                                .setPartitionSize(log.sizeBytes())
                                .setOffsetLag(log.offsetLag()));
            }
        }
        return result.setTotalBytes(directory.totalBytes())
                .setUsableBytes(directory.usableBytes())
                .setTopics(List.copyOf(topics.values()));
    }

    /** Before version 3 there is no place for the error: as with Kafka the answer is empty then. */
    @Override
    public DescribeLogDirsResponseData refused(
            RequestContext context, DescribeLogDirsRequestData request, Errors error) {
        return new DescribeLogDirsResponseData().setErrorCode(error.code());
    }
}
