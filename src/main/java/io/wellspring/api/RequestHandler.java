package io.wellspring.api;

import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * One Kafka API. A handler is one final {@code @Component}; {@link ApiRegistry} finds it and ApiVersions claims it.
 *
 * @param <Q> the generated request message
 * @param <R> the generated response message
 */
public interface RequestHandler<Q extends ApiMessage, R extends ApiMessage> {
    /** The API's key and messages. */
    ApiMessageType api();

    /** The versions that ApiVersions claims; a request outside is refused before the handler sees it. */
    VersionRange versions();

    /**
     * Answers the request. Runs on the connection's event loop and must not block; what it decides about order (an append's
     * place in its queue) is decided before it returns, the answer may come later from any thread.
     *
     * @return the response; null where the protocol has none (Produce with acks=0)
     */
    CompletionStage<? extends @Nullable R> handle(RequestContext context, Q request);

    /** The answer to this request with everything in it failed by one error. */
    R refused(RequestContext context, Q request, Errors error);

    /** See {@link RequestProcessor#mayOverlap}. */
    default boolean mayOverlap() {
        return false;
    }
}
