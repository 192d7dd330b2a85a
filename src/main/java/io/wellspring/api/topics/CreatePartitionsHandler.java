package io.wellspring.api.topics;

import io.wellspring.api.ApiProperties;
import io.wellspring.api.RequestContext;
import io.wellspring.api.RequestHandler;
import io.wellspring.api.VersionRange;
import io.wellspring.topic.Topic;
import io.wellspring.topic.TopicCommands;
import io.wellspring.topic.Topics;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.message.CreatePartitionsRequestData;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsAssignment;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsTopic;
import org.apache.kafka.common.message.CreatePartitionsResponseData;
import org.apache.kafka.common.message.CreatePartitionsResponseData.CreatePartitionsTopicResult;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** CreatePartitions, API 37. Each topic is decided for itself. Threads: any. */
@Component
public final class CreatePartitionsHandler
        implements RequestHandler<CreatePartitionsRequestData, CreatePartitionsResponseData> {
    private final Proposals proposals;
    private final TopicCommands commands;
    private final int mostPartitions;

    public CreatePartitionsHandler(Topics topics, TopicCommands commands, ApiProperties properties) {
        this.proposals = new Proposals(topics);
        this.commands = commands;
        this.mostPartitions = properties.maxPartitionsPerRequest();
    }

    @Override
    public ApiMessageType api() {
        return ApiMessageType.CREATE_PARTITIONS;
    }

    @Override
    public Class<CreatePartitionsRequestData> requestType() {
        return CreatePartitionsRequestData.class;
    }

    @Override
    public VersionRange versions() {
        return VersionRange.of(0, 3);
    }

    @Override
    public CompletionStage<CreatePartitionsResponseData> handle(
            RequestContext context, CreatePartitionsRequestData request) {
        if (request.topics().size() > mostPartitions) {
            return CompletableFuture.completedFuture(each(request, Proposals.tooMany(mostPartitions)));
        }
        Set<String> duplicates = Proposals.repeated(
                request.topics().stream().map(CreatePartitionsTopic::name).toList());
        List<CreatePartitionsTopic> wanted = new ArrayList<>();
        for (CreatePartitionsTopic topic : request.topics()) {
            if (!duplicates.contains(topic.name())) {
                wanted.add(topic);
            }
        }
        long added = wanted.stream().mapToLong(this::added).sum();
        List<Supplier<CompletionStage<CreatePartitionsTopicResult>>> results = new ArrayList<>();
        for (CreatePartitionsTopic topic : wanted) {
            results.add(() -> answer(topic, added, request).thenApply(outcome -> result(topic.name(), outcome)));
        }
        return Proposals.all(results).thenApply(topics -> {
            List<CreatePartitionsTopicResult> all = new ArrayList<>(topics);
            duplicates.forEach(name -> all.add(result(name, Answer.invalidRequest("Duplicate topic name."))));
            return new CreatePartitionsResponseData().setResults(all);
        });
    }

    private CompletionStage<Answer> answer(
            CreatePartitionsTopic topic, long added, CreatePartitionsRequestData request) {
        return added > mostPartitions
                ? CompletableFuture.completedFuture(Proposals.tooManyPartitions(added, mostPartitions))
                : proposals.submit(
                        commands.addPartitions(topic.name(), topic.count(), assignments(topic)),
                        request.validateOnly(),
                        request.timeoutMs());
    }

    @Override
    public CreatePartitionsResponseData refused(
            RequestContext context, CreatePartitionsRequestData request, Errors error) {
        return each(request, Answer.of(error));
    }

    private static CreatePartitionsResponseData each(CreatePartitionsRequestData request, Answer answer) {
        return new CreatePartitionsResponseData()
                .setResults(request.topics().stream()
                        .map(topic -> result(topic.name(), answer))
                        .toList());
    }

    private long added(CreatePartitionsTopic wanted) {
        Topic topic = proposals.catalog().find(wanted.name());
        return topic == null ? 0 : Math.max(0, wanted.count() - topic.partitionCount());
    }

    private static @Nullable List<List<Integer>> assignments(CreatePartitionsTopic topic) {
        List<CreatePartitionsAssignment> assignments = topic.assignments();
        return assignments == null
                ? null
                : assignments.stream()
                        .map(CreatePartitionsAssignment::brokerIds)
                        .toList();
    }

    private static CreatePartitionsTopicResult result(String name, Answer answer) {
        return new CreatePartitionsTopicResult()
                .setName(name)
                .setErrorCode(answer.error().code())
                .setErrorMessage(answer.message());
    }
}
