package io.wellspring.coordinator.group;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.CoordinatorNotAvailableException;
import org.apache.kafka.coordinator.group.GroupCoordinator;
import org.jspecify.annotations.Nullable;

/**
 * The library between the broker's start and its stop. It has threads from the moment it is built, and ends them only if it was started:
 * so it is built when the broker starts, not when its parts are put together, and a start that is refused leaves none behind. Threads:
 * {@link #start} and {@link #stop} the one that starts and stops the broker, the rest any.
 */
final class GroupLibrary {
    private final Supplier<GroupCoordinator> builder;
    private final OffsetsTopic offsetsTopic;
    private volatile @Nullable GroupCoordinator running;

    GroupLibrary(Supplier<GroupCoordinator> builder, OffsetsTopic offsetsTopic) {
        this.builder = builder;
        this.offsetsTopic = offsetsTopic;
    }

    GroupCoordinator start() {
        GroupCoordinator coordinator = builder.get();
        coordinator.startup(offsetsTopic::partitionCount);
        running = coordinator;
        return coordinator;
    }

    void stop() {
        GroupCoordinator coordinator = running;
        running = null;
        if (coordinator != null) {
            coordinator.shutdown();
        }
    }

    /** @throws CoordinatorNotAvailableException the broker has not started, or stops */
    GroupCoordinator running() {
        GroupCoordinator coordinator = running;
        if (coordinator == null) {
            throw new CoordinatorNotAvailableException("the broker starts or stops");
        }
        return coordinator;
    }

    /** The library's answer; a stage that failed with {@link CoordinatorNotAvailableException} when it does not run. */
    <T> CompletionStage<T> ask(Function<GroupCoordinator, CompletionStage<T>> question) {
        try {
            return question.apply(running());
        } catch (ApiException stopping) {
            // What the library cannot take any more it throws, it does not answer.
            return CompletableFuture.failedStage(stopping);
        }
    }
}
