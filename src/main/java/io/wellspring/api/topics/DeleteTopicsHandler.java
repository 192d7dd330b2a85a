package io.wellspring.api.topics;

import io.wellspring.api.ApiProperties;
import io.wellspring.api.RequestContext;
import io.wellspring.api.RequestHandler;
import io.wellspring.api.TopicIds;
import io.wellspring.api.VersionRange;
import io.wellspring.model.TopicId;
import io.wellspring.topic.Topic;
import io.wellspring.topic.TopicCommands;
import io.wellspring.topic.Topics;
import io.wellspring.topic.TopicsProperties;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.DeleteTopicsRequestData.DeleteTopicState;
import org.apache.kafka.common.message.DeleteTopicsResponseData;
import org.apache.kafka.common.message.DeleteTopicsResponseData.DeletableTopicResult;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** DeleteTopics, API 20: by name, since version 6 by id too. Threads: any. */
@Component
public final class DeleteTopicsHandler implements RequestHandler<DeleteTopicsRequestData, DeleteTopicsResponseData> {
    /** From this version on the client knows the error "deletion is disabled". */
    private static final short KNOWS_DELETION_DISABLED = 3;

    private final Proposals proposals;
    private final TopicCommands commands;
    private final boolean deletable;
    private final int mostTopics;

    public DeleteTopicsHandler(
            Topics topics, TopicCommands commands, TopicsProperties properties, ApiProperties limits) {
        this.proposals = new Proposals(topics);
        this.commands = commands;
        this.deletable = properties.deletable();
        this.mostTopics = limits.maxPartitionsPerRequest();
    }

    @Override
    public ApiMessageType api() {
        return ApiMessageType.DELETE_TOPICS;
    }

    @Override
    public Class<DeleteTopicsRequestData> requestType() {
        return DeleteTopicsRequestData.class;
    }

    @Override
    public VersionRange versions() {
        return VersionRange.of(1, 6);
    }

    @Override
    public CompletionStage<DeleteTopicsResponseData> handle(RequestContext context, DeleteTopicsRequestData request) {
        if (!deletable) {
            return CompletableFuture.completedFuture(refused(
                    context,
                    request,
                    context.apiVersion() >= KNOWS_DELETION_DISABLED
                            ? Errors.TOPIC_DELETION_DISABLED
                            : Errors.INVALID_REQUEST));
        }
        List<Wish> wishes = wishes(request);
        if (wishes.size() > mostTopics) {
            return CompletableFuture.completedFuture(each(wishes, Proposals.tooMany(mostTopics)));
        }
        Map<Wish, Integer> counts = new LinkedHashMap<>();
        wishes.forEach(wish -> counts.merge(wish, 1, Integer::sum));
        Map<TopicId, Integer> targets = new HashMap<>();
        counts.keySet().forEach(wish -> {
            Topic topic = find(wish);
            if (topic != null) {
                targets.merge(topic.id(), 1, Integer::sum);
            }
        });
        List<Supplier<CompletionStage<DeletableTopicResult>>> results = new ArrayList<>();
        for (Wish wish : counts.keySet()) {
            String problem = problemWith(wish, counts, targets);
            results.add(() -> problem == null
                    ? delete(wish, request.timeoutMs())
                    : CompletableFuture.completedFuture(
                            result(wish.name(), wish.id(), Answer.invalidRequest(problem))));
        }
        return Proposals.all(results).thenApply(topics -> {
            DeleteTopicsResponseData response = new DeleteTopicsResponseData();
            topics.forEach(response.responses()::add);
            return response;
        });
    }

    @Override
    public DeleteTopicsResponseData refused(RequestContext context, DeleteTopicsRequestData request, Errors error) {
        return each(wishes(request), Answer.of(error));
    }

    private static DeleteTopicsResponseData each(List<Wish> wishes, Answer answer) {
        DeleteTopicsResponseData response = new DeleteTopicsResponseData();
        wishes.forEach(wish -> response.responses().add(result(wish.name(), wish.id(), answer)));
        return response;
    }

    /** A topic as the request names it. */
    private record Wish(@Nullable String name, TopicId id) {}

    private static List<Wish> wishes(DeleteTopicsRequestData request) {
        List<Wish> wishes = new ArrayList<>();
        request.topicNames().forEach(name -> wishes.add(new Wish(name, TopicId.ZERO)));
        for (DeleteTopicState topic : request.topics()) {
            Uuid id = topic.topicId();
            wishes.add(new Wish(topic.name(), TopicIds.idOf(id)));
        }
        return wishes;
    }

    private @Nullable Topic find(Wish wish) {
        String name = wish.name();
        return name == null
                ? proposals.catalog().find(wish.id())
                : proposals.catalog().find(name);
    }

    private @Nullable String problemWith(Wish wish, Map<Wish, Integer> counts, Map<TopicId, Integer> targets) {
        boolean hasId = !wish.id().equals(TopicId.ZERO);
        if (wish.name() == null && !hasId) {
            return "Neither topic name nor id were specified.";
        }
        if (wish.name() != null && hasId) {
            return "You may not specify both topic name and topic id.";
        }
        if (counts.getOrDefault(wish, 0) > 1) {
            return hasId ? "Duplicate topic id." : "Duplicate topic name.";
        }
        Topic topic = find(wish);
        return topic != null && targets.getOrDefault(topic.id(), 0) > 1
                ? "The provided topic name maps to an ID that was already supplied."
                : null;
    }

    private CompletionStage<DeletableTopicResult> delete(Wish wish, int timeoutMs) {
        Topic topic = find(wish);
        String name = wish.name();
        // By id once it is known: a topic that is made anew under the name meanwhile is another one.
        CompletionStage<Answer> answer = topic == null && name != null
                ? proposals.submit(commands.delete(name), false, timeoutMs)
                : proposals.submit(commands.delete(topic == null ? wish.id() : topic.id()), false, timeoutMs);
        return answer.thenApply(outcome ->
                result(topic == null ? name : topic.name(), topic == null ? wish.id() : topic.id(), outcome));
    }

    private static DeletableTopicResult result(@Nullable String name, TopicId id, Answer answer) {
        return new DeletableTopicResult()
                .setName(name)
                .setTopicId(TopicIds.uuidOf(id))
                .setErrorCode(answer.error().code())
                .setErrorMessage(answer.message());
    }
}
