package io.wellspring.api.groups;

import io.wellspring.api.ApiProperties;
import io.wellspring.api.RequestContext;
import io.wellspring.api.RequestHandler;
import io.wellspring.api.TopicIds;
import io.wellspring.api.VersionRange;
import io.wellspring.coordinator.group.GroupCaller;
import io.wellspring.coordinator.group.Groups;
import io.wellspring.topic.Topic;
import io.wellspring.topic.TopicCatalog;
import io.wellspring.topic.Topics;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponsePartitions;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseTopics;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.OffsetFetchRequest;
import org.apache.kafka.common.requests.OffsetFetchResponse;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * OffsetFetch: how far groups have read, for some partitions or (topics left out) for all there are. Versions below 8 ask for one group, in a
 * shape of their own; from version 10 on topics are named by id, and an id that is unknown is UNKNOWN_TOPIC_ID. Threads: any.
 */
@Component
final class OffsetFetchHandler implements RequestHandler<OffsetFetchRequestData, OffsetFetchResponseData> {
    private static final long NO_OFFSET = -1L;
    private static final int NO_EPOCH = -1;

    private final Groups groups;
    private final Topics topics;
    private final int mostPartitions;

    OffsetFetchHandler(Groups groups, Topics topics, ApiProperties properties) {
        this.groups = groups;
        this.topics = topics;
        this.mostPartitions = properties.maxPartitionsPerRequest();
    }

    @Override
    public ApiMessageType api() {
        return ApiMessageType.OFFSET_FETCH;
    }

    @Override
    public Class<OffsetFetchRequestData> requestType() {
        return OffsetFetchRequestData.class;
    }

    @Override
    public VersionRange versions() {
        return VersionRange.of(1, 10);
    }

    @Override
    public CompletionStage<OffsetFetchResponseData> handle(RequestContext context, OffsetFetchRequestData request) {
        List<OffsetFetchRequestGroup> asked = groupsOf(context, request);
        if (sizeOf(asked) > mostPartitions) {
            return CompletableFuture.completedFuture(refused(context, request, Errors.INVALID_REQUEST));
        }
        GroupCaller caller = GroupCalls.caller(context, this);
        Set<String> named = new HashSet<>();
        List<CompletableFuture<OffsetFetchResponseGroup>> answers = new ArrayList<>();
        for (OffsetFetchRequestGroup group : asked) {
            // All offsets of a group are a large answer to a small question: once is enough.
            answers.add(
                    named.add(group.groupId())
                            ? fetch(caller, group, request.requireStable())
                                    .exceptionally(failure -> failed(caller, group, failure))
                                    .toCompletableFuture()
                            : CompletableFuture.completedFuture(OffsetFetchResponse.groupError(
                                    group, Errors.INVALID_REQUEST, context.apiVersion())));
        }
        return CompletableFuture.allOf(answers.toArray(new CompletableFuture<?>[0]))
                .thenApply(all -> response(
                        context, answers.stream().map(CompletableFuture::join).toList()));
    }

    /** What becomes of one group is nothing to the others. */
    private static OffsetFetchResponseGroup failed(
            GroupCaller caller, OffsetFetchRequestGroup group, Throwable failure) {
        Errors error = GroupCalls.errorOf(failure);
        if (error == null) {
            throw new CompletionException(failure);
        }
        return OffsetFetchResponse.groupError(group, error, caller.apiVersion());
    }

    private static long sizeOf(List<OffsetFetchRequestGroup> groups) {
        return groups.stream()
                .mapToLong(group -> group.topics() == null
                        ? 1
                        : 1
                                + group.topics().stream()
                                        .mapToLong(topic ->
                                                topic.partitionIndexes().size())
                                        .sum())
                .sum();
    }

    /** The groups asked for, in the newer shape whatever the version. */
    private static List<OffsetFetchRequestGroup> groupsOf(RequestContext context, OffsetFetchRequestData request) {
        if (context.apiVersion() >= OffsetFetchRequest.BATCH_MIN_VERSION) {
            return request.groups();
        }
        OffsetFetchRequestGroup only = new OffsetFetchRequestGroup().setGroupId(request.groupId());
        if (request.topics() == null) {
            return List.of(only.setTopics(null));
        }
        return List.of(only.setTopics(request.topics().stream()
                .map(topic -> new OffsetFetchRequestTopics()
                        .setName(topic.name())
                        .setPartitionIndexes(topic.partitionIndexes()))
                .toList()));
    }

    private CompletionStage<OffsetFetchResponseGroup> fetch(
            GroupCaller caller, OffsetFetchRequestGroup group, boolean requireStable) {
        boolean byId = OffsetFetchRequest.useTopicIds(caller.apiVersion());
        TopicCatalog catalog = topics.catalog();
        List<OffsetFetchResponseTopics> unknown = new ArrayList<>();
        OffsetFetchRequestGroup asked = group.duplicate();
        if (byId && group.topics() != null) {
            asked.setTopics(named(catalog, group.topics(), unknown));
        }
        return groups.fetchOffsets(caller, asked, requireStable).thenApply(answer -> {
            if (byId && answer.errorCode() == Errors.NONE.code()) {
                List<OffsetFetchResponseTopics> all = identified(catalog, answer.topics());
                all.addAll(unknown);
                return answer.setTopics(all);
            }
            return answer;
        });
    }

    private static List<OffsetFetchRequestTopics> named(
            TopicCatalog catalog, List<OffsetFetchRequestTopics> asked, List<OffsetFetchResponseTopics> unknown) {
        List<OffsetFetchRequestTopics> named = new ArrayList<>();
        for (OffsetFetchRequestTopics topic : asked) {
            Topic found = catalog.find(TopicIds.idOf(topic.topicId()));
            if (found == null) {
                unknown.add(failed(topic, Errors.UNKNOWN_TOPIC_ID));
            } else {
                named.add(topic.duplicate().setName(found.name()));
            }
        }
        return named;
    }

    /** All offsets of a group may name topics that are gone; without an id they cannot be told. */
    private static List<OffsetFetchResponseTopics> identified(
            TopicCatalog catalog, List<OffsetFetchResponseTopics> answered) {
        List<OffsetFetchResponseTopics> identified = new ArrayList<>();
        for (OffsetFetchResponseTopics topic : answered) {
            Topic found = catalog.find(topic.name());
            if (found != null) {
                identified.add(topic.setTopicId(TopicIds.uuidOf(found.id())));
            }
        }
        return identified;
    }

    private static OffsetFetchResponseTopics failed(OffsetFetchRequestTopics topic, Errors error) {
        return new OffsetFetchResponseTopics()
                .setName(topic.name())
                .setTopicId(topic.topicId())
                .setPartitions(topic.partitionIndexes().stream()
                        .map(index -> new OffsetFetchResponsePartitions()
                                .setPartitionIndex(index)
                                .setErrorCode(error.code())
                                .setCommittedOffset(NO_OFFSET)
                                .setCommittedLeaderEpoch(NO_EPOCH)
                                .setMetadata(""))
                        .toList());
    }

    private static OffsetFetchResponseData response(RequestContext context, List<OffsetFetchResponseGroup> answers) {
        return new OffsetFetchResponse.Builder(answers)
                .build(context.apiVersion())
                .data();
    }

    @Override
    public @Nullable OffsetFetchResponseData refused(
            RequestContext context, OffsetFetchRequestData request, Errors error) {
        return response(
                context,
                groupsOf(context, request).stream()
                        .map(group -> OffsetFetchResponse.groupError(group, error, context.apiVersion()))
                        .toList());
    }
}
