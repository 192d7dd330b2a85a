package io.wellspring.management.endpoint;

import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.server.ResponseStatusException;

/** Answers to questions that cannot be answered: a status and a sentence. */
final class Refusals {
    private Refusals() {}

    /** 400: what was asked for makes no sense. */
    static ResponseStatusException badRequest(String sentence) {
        return new ResponseStatusException(HttpStatus.BAD_REQUEST, sentence);
    }

    /** 404: it is not there. */
    static ResponseStatusException notFound(String sentence) {
        return new ResponseStatusException(HttpStatus.NOT_FOUND, sentence);
    }

    /** 409: it cannot be done to it as it is. */
    static ResponseStatusException conflict(String sentence) {
        return new ResponseStatusException(HttpStatus.CONFLICT, sentence);
    }

    /** 503: later, perhaps. */
    static ResponseStatusException unavailable(String sentence, @Nullable Throwable cause) {
        return new ResponseStatusException(HttpStatus.SERVICE_UNAVAILABLE, sentence, cause);
    }
}
