package io.wellspring.testing;

import io.wellspring.api.RequestProcessor;
import io.wellspring.protocol.EncodedResponse;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** How a request ends, as a future; a second end throws at whoever tells it, and fails the future for who looks later. */
public final class FutureAnswer implements RequestProcessor.Completion {
    private final CompletableFuture<@Nullable EncodedResponse> future = new CompletableFuture<>();

    /** Completes exceptionally if the connection is to be closed. */
    public CompletableFuture<@Nullable EncodedResponse> future() {
        return future;
    }

    @Override
    public void answered(@Nullable EncodedResponse response) {
        once(future.complete(response));
    }

    @Override
    public void refused(Throwable reason) {
        once(future.completeExceptionally(reason));
    }

    private void once(boolean isFirst) {
        if (!isFirst) {
            AssertionError twice = new AssertionError("a request ended twice");
            future.obtrudeException(twice);
            throw twice;
        }
    }
}
