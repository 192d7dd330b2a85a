package io.wellspring.api;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** Handlers that answer what a test tells them. */
final class FakeHandlers {
    private FakeHandlers() {}

    /** Answers with {@link #stage}, or throws {@link #bug}. */
    static final class ProducerIds implements RequestHandler<InitProducerIdRequestData, InitProducerIdResponseData> {
        final CompletableFuture<InitProducerIdResponseData> stage = new CompletableFuture<>();

        @Nullable
        RuntimeException bug;

        VersionRange versions = VersionRange.of(0, 4);

        @Override
        public ApiMessageType api() {
            return ApiMessageType.INIT_PRODUCER_ID;
        }

        @Override
        public Class<InitProducerIdRequestData> requestType() {
            return InitProducerIdRequestData.class;
        }

        @Override
        public VersionRange versions() {
            return versions;
        }

        @Override
        public CompletionStage<InitProducerIdResponseData> handle(
                RequestContext context, InitProducerIdRequestData request) {
            if (bug != null) {
                throw bug;
            }
            return stage;
        }

        @Override
        public InitProducerIdResponseData refused(
                RequestContext context, InitProducerIdRequestData request, Errors error) {
            return new InitProducerIdResponseData().setErrorCode(error.code());
        }
    }

    static final class Versions implements RequestHandler<ApiVersionsRequestData, ApiVersionsResponseData> {
        @Override
        public ApiMessageType api() {
            return ApiMessageType.API_VERSIONS;
        }

        @Override
        public Class<ApiVersionsRequestData> requestType() {
            return ApiVersionsRequestData.class;
        }

        @Override
        public VersionRange versions() {
            return VersionRange.of(0, 4);
        }

        @Override
        public CompletionStage<ApiVersionsResponseData> handle(RequestContext context, ApiVersionsRequestData request) {
            return CompletableFuture.completedFuture(new ApiVersionsResponseData());
        }

        @Override
        public ApiVersionsResponseData refused(RequestContext context, ApiVersionsRequestData request, Errors error) {
            return new ApiVersionsResponseData().setErrorCode(error.code());
        }
    }

    /** Fails; has an answer unless the request wants none. */
    static final class FailingProduce implements RequestHandler<ProduceRequestData, ProduceResponseData> {
        @Override
        public ApiMessageType api() {
            return ApiMessageType.PRODUCE;
        }

        @Override
        public Class<ProduceRequestData> requestType() {
            return ProduceRequestData.class;
        }

        @Override
        public VersionRange versions() {
            return VersionRange.of(0, 13);
        }

        @Override
        public VersionRange served() {
            return VersionRange.of(3, 13);
        }

        @Override
        public boolean mayOverlap() {
            return true;
        }

        @Override
        public CompletionStage<@Nullable ProduceResponseData> handle(
                RequestContext context, ProduceRequestData request) {
            return CompletableFuture.failedFuture(new IllegalStateException("a bug"));
        }

        @Override
        public @Nullable ProduceResponseData refused(RequestContext context, ProduceRequestData request, Errors error) {
            return request.acks() == 0 ? null : new ProduceResponseData();
        }
    }
}
