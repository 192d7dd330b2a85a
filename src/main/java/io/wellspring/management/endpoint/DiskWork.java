package io.wellspring.management.endpoint;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import reactor.core.publisher.Mono;

/**
 * Questions to the disk, on the threads that read it for clients. Who stops waiting for an answer interrupts nobody: an interrupted thread closes the
 * file it reads under all its other readers.
 */
final class DiskWork {
    private DiskWork() {}

    /** What is asked. */
    @FunctionalInterface
    interface Question<T> {
        T ask() throws IOException;
    }

    /** The answer; 503 if too much is asked already. */
    static <T> Mono<T> on(Executor threads, Question<T> question) {
        return Mono.fromCompletionStage(() -> CompletableFuture.supplyAsync(
                        () -> {
                            try {
                                return question.ask();
                            } catch (IOException failure) {
                                throw new CompletionException(failure);
                            }
                        },
                        threads))
                .onErrorMap(
                        RejectedExecutionException.class,
                        busy -> Refusals.unavailable("The disk has too much to do just now.", busy));
    }
}
