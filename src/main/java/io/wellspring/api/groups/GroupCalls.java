package io.wellspring.api.groups;

import io.wellspring.api.RequestContext;
import io.wellspring.api.RequestHandler;
import io.wellspring.coordinator.group.GroupCaller;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

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

    /** The stage's answer, or the handler's refusal if it fails with one of Kafka's errors; anything else stays a failure. */
    static <Q extends ApiMessage, R extends ApiMessage> CompletionStage<R> answer(
            CompletionStage<R> stage, RequestHandler<Q, R> handler, RequestContext context, Q request) {
        return stage.exceptionally(failure -> {
            Throwable cause =
                    failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
            R refusal = cause instanceof ApiException
                    ? handler.refused(context, request, Errors.forException(cause))
                    : null;
            if (refusal == null) {
                throw new CompletionException(cause);
            }
            return refusal;
        });
    }
}
