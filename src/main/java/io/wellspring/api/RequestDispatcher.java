package io.wellspring.api;

import io.wellspring.protocol.EncodedResponse;
import io.wellspring.protocol.MalformedFrameException;
import io.wellspring.protocol.RequestDecoder;
import io.wellspring.protocol.RequestHeaderView;
import io.wellspring.protocol.ResponseEncoder;
import io.wellspring.support.Ticker;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletionException;
import java.util.function.BiConsumer;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way of every request: version check, decoding, handler, timing, encoding, and the one place that catches what handlers throw.
 * A request that no handler serves closes its connection, as in Kafka; only ApiVersions is answered in any version, in words that every
 * client can read (KIP-511). Keeps no state of requests. Threads: {@link #process} on the connection's event loop, responses
 * complete on any.
 */
public final class RequestDispatcher implements RequestProcessor {
    private static final Logger log = LoggerFactory.getLogger(RequestDispatcher.class);
    private static final String UNKNOWN_API = "unknown";
    private static final short VERSION_THAT_ALL_CAN_READ = 0;

    private final ApiRegistry registry;
    private final RequestMetrics metrics;
    private final Ticker ticker;

    public RequestDispatcher(ApiRegistry registry, RequestMetrics metrics, Ticker ticker) {
        this.registry = registry;
        this.metrics = metrics;
        this.ticker = ticker;
    }

    @Override
    public boolean mayOverlap(short apiKey) {
        RequestHandler<?, ?> handler = registry.find(apiKey);
        return handler != null && handler.mayOverlap();
    }

    @Override
    public void process(ConnectionContext connection, ByteBuffer frame, Completion completion) {
        long begunNanos = ticker.nanos();
        String api = UNKNOWN_API;
        try {
            RequestHeaderView header = RequestHeaderView.peek(frame);
            RequestHandler<?, ?> handler = registry.find(header.apiKey());
            if (handler == null) {
                throw new MalformedFrameException("no API is served under the key " + header.apiKey());
            }
            api = handler.api().name;
            if (registry.serves(header.apiKey(), header.apiVersion())) {
                ApiMessage request = RequestDecoder.decode(frame, header);
                new Exchange<>(handler, contextOf(connection, header), request, begunNanos, completion).run();
                return;
            }
            if (handler.api() != ApiMessageType.API_VERSIONS) {
                throw new MalformedFrameException(api + " is not served in version " + header.apiVersion());
            }
            RequestHeaderView readable = new RequestHeaderView(
                    header.apiKey(), VERSION_THAT_ALL_CAN_READ, header.correlationId(), header.clientId());
            new Exchange<>(
                            handler,
                            contextOf(connection, readable),
                            handler.api().newRequest(),
                            begunNanos,
                            completion)
                    .refuse(Errors.UNSUPPORTED_VERSION);
        } catch (MalformedFrameException e) {
            metrics.refused(api);
            completion.refused(e);
        }
    }

    private static RequestContext contextOf(ConnectionContext connection, RequestHeaderView header) {
        connection.clientId(header.clientId());
        return new RequestContext(connection, header.apiVersion(), header.correlationId(), header.clientId());
    }

    /** One request on its way. */
    private final class Exchange<Q extends ApiMessage, R extends ApiMessage>
            implements BiConsumer<@Nullable R, @Nullable Throwable> {
        private final RequestHandler<Q, R> handler;
        private final RequestContext context;
        private final Q request;
        private final long begunNanos;
        private final Completion completion;

        Exchange(
                RequestHandler<Q, R> handler,
                RequestContext context,
                ApiMessage request,
                long begunNanos,
                Completion completion) {
            this.handler = handler;
            this.context = context;
            this.request = handler.requestType().cast(request);
            this.begunNanos = begunNanos;
            this.completion = completion;
        }

        void run() {
            try {
                handler.handle(context, request).whenComplete(this);
            } catch (RuntimeException | StackOverflowError e) {
                fail(e);
            }
        }

        /** The handler has ended. Threads: any. */
        @Override
        public void accept(@Nullable R response, @Nullable Throwable failure) {
            if (failure == null) {
                answer(response);
            } else {
                fail(
                        failure instanceof CompletionException && failure.getCause() != null
                                ? failure.getCause()
                                : failure);
            }
        }

        void refuse(Errors error) {
            R response;
            try {
                response = handler.refused(context, request, error);
            } catch (RuntimeException e) {
                close(e);
                return;
            }
            if (response != null) {
                answer(response);
            } else {
                close(new ConnectionRefusedException(
                        handler.api().name + " failed with " + error + " and its client expects no answer"));
            }
        }

        private void answer(@Nullable R response) {
            EncodedResponse encoded;
            try {
                encoded = response == null ? null : encode(response);
            } catch (RuntimeException e) {
                fail(e);
                return;
            }
            metrics.answered(handler.api().name, ticker.nanos() - begunNanos);
            count(response);
            completion.answered(encoded);
        }

        /** The one place where what a handler throws ends: a bug, or a disk that broke. */
        private void fail(Throwable failure) {
            if (failure instanceof ConnectionRefusedException) {
                close(failure);
                return;
            }
            metrics.failed(handler.api().name);
            log.error(
                    "A request failed. api={} apiVersion={} correlationId={} connection={} client={}",
                    handler.api().name,
                    context.apiVersion(),
                    context.correlationId(),
                    context.connection().id(),
                    context.connection().clientAddress().getHostAddress(),
                    failure);
            EncodedResponse encoded;
            try {
                R response = handler.refused(context, request, handler.errorOfFailure());
                if (response == null) {
                    throw new ConnectionRefusedException("the request failed and its client expects no answer");
                }
                encoded = encode(response);
                count(response);
            } catch (RuntimeException e) {
                close(e);
                return;
            }
            completion.answered(encoded);
        }

        private void count(@Nullable R response) {
            if (response != null) {
                ResponseErrors.each(response, error -> metrics.error(handler.api().name, error.name()));
            }
        }

        private void close(Throwable reason) {
            metrics.refused(handler.api().name);
            completion.refused(reason);
        }

        private EncodedResponse encode(R response) {
            return ResponseEncoder.encode(handler.api(), context.apiVersion(), context.correlationId(), response);
        }
    }
}
