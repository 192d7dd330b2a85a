package io.wellspring.protocol;

import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.protocol.ApiMessage;
import org.jspecify.annotations.Nullable;

/**
 * A request read from its frame.
 *
 * @param api which API it calls
 * @param apiVersion the version it is written in
 * @param correlationId the client's number for it
 * @param clientId the client's name for itself, may be absent
 * @param message the generated request message; its buffers and records are slices of the frame, not copies
 */
public record DecodedRequest(
        ApiMessageType api,
        short apiVersion,
        int correlationId,
        @Nullable String clientId,
        ApiMessage message) {}
