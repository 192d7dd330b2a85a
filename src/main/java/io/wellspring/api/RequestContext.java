package io.wellspring.api;

import org.jspecify.annotations.Nullable;

/**
 * One request as its handler sees it.
 *
 * @param connection where it came from
 * @param apiVersion the version of the API it is written in
 * @param correlationId the client's number for it
 * @param clientId the client's name for itself, may be absent
 */
public record RequestContext(
        ConnectionContext connection,
        short apiVersion,
        int correlationId,
        @Nullable String clientId) {}
