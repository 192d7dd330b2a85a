package io.wellspring.api.data;

import io.wellspring.api.ApiProperties;
import io.wellspring.api.ConnectionRefusedException;
import io.wellspring.api.RequestContext;
import io.wellspring.api.RequestHandler;
import io.wellspring.api.TopicIds;
import io.wellspring.api.VersionRange;
import io.wellspring.model.NodeId;
import io.wellspring.model.TopicId;
import io.wellspring.partition.AppendOutcome;
import io.wellspring.partition.Partition;
import io.wellspring.partition.Partitions;
import io.wellspring.topic.Topic;
import io.wellspring.topic.Topics;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Produce: hands each partition its batch. Versions from 0 on are claimed because librdkafka takes a broker without them for an ancient
 * one (KAFKA-18659); the connection of a client that really uses 0 to 2 is closed, as in Kafka 4.
 *
 * <p>The request's timeout is not a timer here: the batches lie in the request's frame, so the answer cannot come before
 * the log is done with them. How long that may take is bounded by the partitions, which answer "timed out" themselves.
 *
 * <p>Unlike Kafka, which keeps the last of two batches that one request has for one partition, none of them is
 * appended: an acknowledged batch must not be lost.
 *
 * <p>Threads: {@link #handle} on the connection's event loop; batches are queued in the order of the requests.
 */
@Component
final class ProduceHandler implements RequestHandler<ProduceRequestData, ProduceResponseData> {
    private static final short ACKS_NONE = 0;
    private static final short ACKS_LEADER = 1;
    private static final short ACKS_ALL = -1;
    private static final short FIRST_VERSION_WITH_TOPIC_IDS = 13;

    /** Kafka's own tools may write to internal topics under this name. */
    private static final String ADMIN_CLIENT_ID = "__admin_client";

    /** Not a counter of its own: every request would have one. */
    private static final AtomicIntegerFieldUpdater<Appends> UNDER_WAY =
            AtomicIntegerFieldUpdater.newUpdater(Appends.class, "underWay");

    private static final Logger log = LoggerFactory.getLogger(ProduceHandler.class);

    private final ApiProperties properties;
    private final PartitionLookup lookup;
    private final ProduceAnswers answers;

    ProduceHandler(ApiProperties properties, Topics topics, Partitions partitions, NodeId nodeId) {
        this.properties = properties;
        this.lookup = new PartitionLookup(topics, partitions);
        this.answers = new ProduceAnswers(nodeId);
    }

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

    /** A retriable one: producers take UNKNOWN_SERVER_ERROR for final and drop the batch (KAFKA-14034). */
    @Override
    public Errors errorOfFailure() {
        return Errors.KAFKA_STORAGE_ERROR;
    }

    @Override
    public CompletionStage<@Nullable ProduceResponseData> handle(RequestContext context, ProduceRequestData request) {
        List<Share> shares = shares(context, request);
        Errors error = errorOfAll(request, shares);
        if (error != Errors.NONE) {
            shares.forEach(share -> share.ending = ProduceAnswers.Ending.refused(error, null));
            return CompletableFuture.completedFuture(answer(context, request, shares));
        }
        Appends appends = new Appends(context, request, shares);
        // By index, as in all that each request goes through: an iterator is garbage of each request.
        for (int i = 0; i < shares.size(); i++) {
            Share share = shares.get(i);
            Partition partition = share.partition;
            if (share.ending == null && partition != null && share.checked instanceof ProduceChecks.Sound sound) {
                appends.begin(partition, sound, share);
            }
        }
        appends.ended(); // the request's own part: all have begun
        return appends.answer;
    }

    /** The appends of one request; the last that ends answers. Threads: begun by one, ended by any. */
    private final class Appends {
        private final RequestContext context;
        private final ProduceRequestData request;
        private final List<Share> shares;
        private final CompletableFuture<@Nullable ProduceResponseData> answer = new CompletableFuture<>();
        private volatile int underWay = 1;

        Appends(RequestContext context, ProduceRequestData request, List<Share> shares) {
            this.context = context;
            this.request = request;
            this.shares = shares;
        }

        /**
         * Sees to it that a share ends. Neither throws nor fails, whatever happens: the other partitions go on, and the frame must live
         * until the last append of the request is done with it.
         */
        void begin(Partition partition, ProduceChecks.Sound sound, Share share) {
            UNDER_WAY.incrementAndGet(this);
            CompletionStage<AppendOutcome> stage;
            try {
                stage = partition.append(sound.records(), request.acks());
            } catch (RuntimeException | Error e) {
                // Nothing was queued, and the same batch would fail again: a final error, as Kafka's is.
                log.error("A batch could not be checked. partition={}", partition, e);
                share.ending = ProduceAnswers.Ending.refused(Errors.UNKNOWN_SERVER_ERROR, null);
                ended();
                return;
            }
            stage.whenComplete((outcome, failure) -> {
                share.ending = ending(partition, outcome, failure);
                ended();
            });
        }

        private void ended() {
            if (UNDER_WAY.decrementAndGet(this) > 0) {
                return;
            }
            ProduceResponseData response;
            try {
                response = answer(context, request, shares);
            } catch (RuntimeException | Error e) {
                answer.completeExceptionally(e);
                return;
            }
            answer.complete(response);
        }
    }

    private static ProduceAnswers.Ending ending(
            Partition partition, AppendOutcome outcome, @Nullable Throwable failure) {
        Throwable fault = failure;
        if (fault == null) {
            try {
                return ProduceAnswers.Ending.of(partition, outcome);
            } catch (RuntimeException | Error e) {
                fault = e;
            }
        }
        // Written or not, nobody knows: an idempotent producer finds out by sending again.
        log.error("An append failed. partition={}", partition, fault);
        return ProduceAnswers.Ending.refused(Errors.KAFKA_STORAGE_ERROR, null);
    }

    /** What the request has for one partition, and how it ended. */
    private static final class Share {
        private final TopicProduceData topic;
        private final int index;
        private final ProduceChecks.Checked checked;
        private @Nullable Partition partition;
        private ProduceAnswers.@Nullable Ending ending;

        Share(TopicProduceData topic, int index, ProduceChecks.Checked checked) {
            this.topic = topic;
            this.index = index;
            this.checked = checked;
        }
    }

    private List<Share> shares(RequestContext context, ProduceRequestData request) {
        if (request.topicData().size() == 1) {
            TopicProduceData topic = request.topicData().iterator().next();
            if (topic.partitionData().size() == 1) {
                // The usual request: nothing to be held against each other.
                return List.of(share(context, topic, topic.partitionData().getFirst()));
            }
        }
        List<Share> shares = new ArrayList<>();
        Map<FetchKey, Share> byPartition = new HashMap<>();
        boolean byTopicId = context.apiVersion() >= FIRST_VERSION_WITH_TOPIC_IDS;
        for (TopicProduceData topic : request.topicData()) {
            TopicId id = TopicIds.idOf(topic.topicId());
            for (PartitionProduceData data : topic.partitionData()) {
                Share share = share(context, topic, data);
                shares.add(share);
                Share twin =
                        byPartition.putIfAbsent(new FetchKey(id, byTopicId ? "" : topic.name(), data.index()), share);
                if (twin != null) {
                    share.ending = ProduceAnswers.Ending.refused(
                            Errors.INVALID_REQUEST, "The request has two batches for this partition.");
                    twin.ending = share.ending;
                }
            }
        }
        return shares;
    }

    private Share share(RequestContext context, TopicProduceData topic, PartitionProduceData data) {
        Share share = new Share(topic, data.index(), ProduceChecks.check(context.apiVersion(), data.records()));
        settle(
                context,
                share,
                context.apiVersion() >= FIRST_VERSION_WITH_TOPIC_IDS
                        ? lookup.byId(TopicIds.idOf(topic.topicId()), data.index())
                        : lookup.byName(topic.name(), data.index()));
        return share;
    }

    /** Finds the partition of a share, or the reason why nothing is appended. */
    private static void settle(RequestContext context, Share share, PartitionLookup.Found found) {
        switch (found) {
            case PartitionLookup.Missing(Errors error) -> share.ending = ProduceAnswers.Ending.refused(error, null);
            case PartitionLookup.Here(Partition partition) -> {
                share.partition = partition;
                String topic = partition.id().topic();
                if (share.checked instanceof ProduceChecks.Unsound(Errors error, String message)) {
                    share.ending = ProduceAnswers.Ending.refused(error, message);
                } else if (Topic.isInternal(topic) && !mayWrite(context, topic)) {
                    share.ending = ProduceAnswers.Ending.refused(
                            Errors.INVALID_TOPIC_EXCEPTION, "Cannot append to internal topic " + topic + ".");
                }
            }
        }
    }

    /** The catalog is nobody's: a record that the broker did not write would be taken for a decision on restart. */
    private static boolean mayWrite(RequestContext context, String internalTopic) {
        return ADMIN_CLIENT_ID.equals(context.clientId()) && !internalTopic.equals(Topic.CATALOG);
    }

    /** What refuses the request as a whole. */
    private Errors errorOfAll(ProduceRequestData request, List<Share> shares) {
        if (shares.size() > properties.maxPartitionsPerRequest()) {
            return Errors.INVALID_REQUEST;
        }
        if (request.acks() != ACKS_ALL && request.acks() != ACKS_LEADER && request.acks() != ACKS_NONE) {
            return Errors.INVALID_REQUIRED_ACKS;
        }
        for (int i = 0; i < shares.size(); i++) {
            if (shares.get(i).checked instanceof ProduceChecks.Sound(var _, boolean isTransactional)
                    && isTransactional) {
                // No transaction can be open: there is no coordinator that opens them.
                return request.transactionalId() == null
                        ? Errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED
                        : Errors.INVALID_TXN_STATE;
            }
        }
        return Errors.NONE;
    }

    /** The response; without acknowledgements there is none, and a failure closes the connection so that the client learns of it. */
    private @Nullable ProduceResponseData answer(
            RequestContext context, ProduceRequestData request, List<Share> shares) {
        if (request.acks() == ACKS_NONE) {
            for (Share share : shares) {
                ProduceAnswers.Ending ending = share.ending;
                if (ending != null && ending.error() != Errors.NONE) {
                    throw new ConnectionRefusedException("produce with acks=0 failed with " + ending.error());
                }
            }
            return null;
        }
        ProduceAnswers.Builder response = answers.builder(context);
        for (int i = 0; i < shares.size(); i++) {
            Share share = shares.get(i);
            ProduceAnswers.Ending ending = share.ending;
            if (ending == null) {
                throw new IllegalStateException("a share of a produce request was forgotten");
            }
            response.add(share.topic, share.index, share.partition, ending);
        }
        return response.build();
    }

    @Override
    public @Nullable ProduceResponseData refused(RequestContext context, ProduceRequestData request, Errors error) {
        if (request.acks() == ACKS_NONE) {
            return null;
        }
        ProduceAnswers.Builder response = answers.builder(context);
        for (TopicProduceData topic : request.topicData()) {
            for (PartitionProduceData data : topic.partitionData()) {
                response.add(topic, data.index(), null, ProduceAnswers.Ending.refused(error, null));
            }
        }
        return response.build();
    }
}
