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

    /** The generated class of the request: what {@link #handle} takes. */
    Class<Q> requestType();

    /** The versions that ApiVersions claims. */
    VersionRange versions();

    /**
     * The versions that the handler understands: those that are claimed, but for an API that has to claim more than there is
     * (KAFKA-18659). A request outside is refused before the handler sees it.
     */
    default VersionRange served() {
        return versions();
    }

    /**
     * Answers the request. Runs on the connection's event loop and must not block; what it decides about order (an append's
     * place in its queue) is decided before it returns, the answer may come later from any thread.
     *
     * @return the response; null where the protocol has none (Produce with acks=0). Completed with
     *     {@link ConnectionRefusedException} it closes the connection; completed with anything else, or a throw, is a bug and
     *     is answered with {@link #refused}
     */
    CompletionStage<? extends @Nullable R> handle(RequestContext context, Q request);

    /**
     * The answer to this request with everything in it failed by one error.
     *
     * @return null if the client expects no answer: its connection is closed instead, so that it learns of the failure
     */
    @Nullable
    R refused(RequestContext context, Q request, Errors error);

    /** The error to answer when the broker itself failed. */
    default Errors errorOfFailure() {
        return Errors.UNKNOWN_SERVER_ERROR;
    }

    /** See {@link RequestProcessor#mayOverlap}. */
    default boolean mayOverlap() {
        return false;
    }
}
