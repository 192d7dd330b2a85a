package io.wellspring.api.groups;

import io.wellspring.api.RequestContext;
import io.wellspring.api.RequestHandler;
import io.wellspring.coordinator.group.GroupCaller;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** What the handlers of this room share: how a request becomes a call of the coordinator, and its failure an answer. */
final class GroupCalls {
    private GroupCalls() {}

    static GroupCaller caller(RequestContext context, RequestHandler<?, ?> handler) {
        return new GroupCaller(
                context.connection().endpoint().listener(),
                context.connection().endpoint().protocol().name(),
                context.connection().clientAddress(),
                handler.api().apiKey(),
                context.apiVersion(),
                Objects.requireNonNullElse(context.clientId(), ""),
                context.correlationId());
    }

    /** Each group once: one that is named a thousand times would be described a thousand times, members and all. */
    static List<String> distinct(List<String> groupIds) {
        return groupIds.stream().distinct().toList();
    }

    /** The stage's answer, or the handler's refusal if it fails with one of Kafka's errors; anything else stays a failure. */
    static <Q extends ApiMessage, R extends ApiMessage> CompletionStage<R> answer(
            CompletionStage<R> stage, RequestHandler<Q, R> handler, RequestContext context, Q request) {
        return stage.exceptionally(failure -> {
            Errors error = errorOf(failure);
            R refusal = error == null ? null : handler.refused(context, request, error);
            if (refusal == null) {
                throw new CompletionException(causeOf(failure));
            }
            return refusal;
        });
    }

    /** Kafka's error that a stage failed with, null: a bug. */
    static @Nullable Errors errorOf(Throwable failure) {
        Throwable cause = causeOf(failure);
        return cause instanceof ApiException ? Errors.forException(cause) : null;
    }

    private static Throwable causeOf(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }
}
