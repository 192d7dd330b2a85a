package io.wellspring.api.topics;

import io.wellspring.api.ErrorCodes;
import io.wellspring.topic.CatalogDecision;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * How one topic or resource of a request fared.
 *
 * @param error the wire's code
 * @param message one sentence for the client; null if all went well
 */
record Answer(Errors error, @Nullable String message) {
    static final Answer OK = new Answer(Errors.NONE, null);

    static Answer of(CatalogDecision.@Nullable Refused refused) {
        return refused == null ? OK : new Answer(ErrorCodes.of(refused.reason()), refused.message());
    }

    static Answer invalidRequest(String message) {
        return new Answer(Errors.INVALID_REQUEST, message);
    }

    static Answer invalidConfig(String message) {
        return new Answer(Errors.INVALID_CONFIG, message);
    }

    /** The error with its own text. */
    static Answer of(Errors error) {
        return new Answer(error, error.message());
    }

    boolean isOk() {
        return error == Errors.NONE;
    }
}
