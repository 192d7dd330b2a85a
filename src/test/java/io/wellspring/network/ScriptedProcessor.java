package io.wellspring.network;

import io.wellspring.api.ConnectionContext;
import io.wellspring.api.RequestProcessor;
import io.wellspring.batch.FileSlice;
import io.wellspring.protocol.EncodedResponse;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Stands for everything behind the network: answers when the test says so. Requests of API 0 may overlap. */
final class ScriptedProcessor implements RequestProcessor {
    final BlockingQueue<Integer> begun = new LinkedBlockingQueue<>();
    private final Map<Integer, CompletableFuture<@Nullable EncodedResponse>> open = new ConcurrentHashMap<>();
    private volatile @Nullable Function<ByteBuffer, CompletionStage<@Nullable EncodedResponse>> script;

    private volatile boolean endsTwice;

    /** From now on every request ends a second time, as it must never do. */
    void endTwice() {
        endsTwice = true;
    }

    /** From now on every request is answered by this. */
    void answerWith(Function<ByteBuffer, CompletionStage<@Nullable EncodedResponse>> script) {
        this.script = script;
    }

    void answer(int correlationId, @Nullable EncodedResponse response) {
        future(correlationId).complete(response);
    }

    void fail(int correlationId, RuntimeException failure) {
        future(correlationId).completeExceptionally(failure);
    }

    @Override
    public boolean mayOverlap(short apiKey) {
        return apiKey == 0;
    }

    @Override
    public void process(ConnectionContext connection, ByteBuffer frame, Completion completion) {
        answer(frame).whenComplete((response, failure) -> {
            if (failure == null) {
                completion.answered(response);
            } else {
                completion.refused(failure);
            }
            if (endsTwice) {
                completion.answered(null);
                completion.refused(new IllegalStateException("a third end"));
            }
        });
    }

    private CompletionStage<@Nullable EncodedResponse> answer(ByteBuffer frame) {
        Function<ByteBuffer, CompletionStage<@Nullable EncodedResponse>> answer = script;
        if (answer != null) {
            return answer.apply(frame);
        }
        int correlationId = frame.getInt(4);
        begun.add(correlationId);
        return future(correlationId);
    }

    private CompletableFuture<@Nullable EncodedResponse> future(int correlationId) {
        return open.computeIfAbsent(correlationId, id -> new CompletableFuture<>());
    }

    /** An answer of the correlation id and so many bytes of its last byte. */
    static EncodedResponse bytes(int correlationId, int payloadBytes) {
        ByteBuffer buffer = ByteBuffer.allocate(8 + payloadBytes);
        buffer.putInt(4 + payloadBytes).putInt(correlationId);
        while (buffer.hasRemaining()) {
            buffer.put((byte) correlationId);
        }
        return new EncodedResponse(List.of(new EncodedResponse.Bytes(buffer.flip())), 8 + payloadBytes);
    }

    /** An answer of the correlation id and these slices, each followed by one byte 7. */
    static EncodedResponse slices(int correlationId, List<FileSlice> slices) {
        int payload = slices.stream().mapToInt(slice -> slice.sizeBytes() + 1).sum();
        List<EncodedResponse.Part> parts = new ArrayList<>();
        parts.add(new EncodedResponse.Bytes(
                ByteBuffer.allocate(8).putInt(4 + payload).putInt(correlationId).flip()));
        for (FileSlice slice : slices) {
            parts.add(new EncodedResponse.Slice(slice));
            parts.add(new EncodedResponse.Bytes(ByteBuffer.wrap(new byte[] {7})));
        }
        return new EncodedResponse(parts, 8 + payload);
    }
}
