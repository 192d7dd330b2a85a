package io.wellspring.api.data;

import io.wellspring.api.RequestContext;
import io.wellspring.api.RequestHandler;
import io.wellspring.api.VersionRange;
import io.wellspring.batch.RecordBatch;
import io.wellspring.partition.ProducerIds;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.springframework.stereotype.Component;

/**
 * InitProducerId: gives an idempotent producer its id. Without a transactional id there is always a new one, even if the producer
 * names its old id and epoch: so does Kafka (KIP-360 bumps the epoch only of transactional producers). Version 6 (KIP-939) is not stable in
 * Kafka 4.4.
 *
 * <p>A transactional id is refused with UNSUPPORTED_VERSION, by which Kafka says that a feature is not there: it ends the
 * client's attempt at once and names the API. An error about coordinators would let it try until its time is up, one about
 * authorization would send its owner to look for ACLs. Threads: any.
 */
@Component
final class InitProducerIdHandler implements RequestHandler<InitProducerIdRequestData, InitProducerIdResponseData> {
    private final ProducerIds producerIds;

    InitProducerIdHandler(ProducerIds producerIds) {
        this.producerIds = producerIds;
    }

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
        return VersionRange.of(0, 5);
    }

    @Override
    public CompletionStage<InitProducerIdResponseData> handle(
            RequestContext context, InitProducerIdRequestData request) {
        boolean namesId = request.producerId() != RecordBatch.NO_PRODUCER_ID;
        boolean namesEpoch = request.producerEpoch() != RecordBatch.NO_PRODUCER_EPOCH;
        String transactionalId = request.transactionalId();
        if (namesId != namesEpoch || (transactionalId != null && transactionalId.isEmpty())) {
            return CompletableFuture.completedFuture(refused(context, request, Errors.INVALID_REQUEST));
        }
        if (transactionalId != null) {
            return CompletableFuture.completedFuture(refused(context, request, Errors.UNSUPPORTED_VERSION));
        }
        return producerIds
                .next()
                .thenApply(id -> id == null
                        // The only retriable error that every client waits out here, other than looking for a
                        // coordinator.
                        ? refused(context, request, Errors.COORDINATOR_LOAD_IN_PROGRESS)
                        : new InitProducerIdResponseData().setProducerId(id).setProducerEpoch((short) 0));
    }

    @Override
    public InitProducerIdResponseData refused(RequestContext context, InitProducerIdRequestData request, Errors error) {
        return new InitProducerIdResponseData()
                .setErrorCode(error.code())
                .setProducerId(RecordBatch.NO_PRODUCER_ID)
                .setProducerEpoch(RecordBatch.NO_PRODUCER_EPOCH);
    }
}
