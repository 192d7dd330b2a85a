package io.wellspring.coordinator.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wellspring.model.NodeId;
import io.wellspring.testing.SlowTopics;
import io.wellspring.topic.TopicCommands;
import io.wellspring.topic.TopicLimits;
import java.time.Duration;
import org.apache.kafka.common.errors.CoordinatorNotAvailableException;
import org.junit.jupiter.api.Test;

final class GroupLibraryTest {
    private final GroupLibrary library = new GroupLibrary(
            () -> {
                throw new AssertionError("built before the start");
            },
            new OffsetsTopic(
                    new SlowTopics(), new TopicCommands(new NodeId(1), new TopicLimits(1, 100, 100)), 50, 1 << 20));

    @Test
    void nothingIsBuiltBeforeTheStartAndClientsAreToldToTryAgain() {
        assertThat(library.ask(coordinator -> {
                            throw new AssertionError("asked before the start");
                        })
                        .toCompletableFuture())
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .withCauseInstanceOf(CoordinatorNotAvailableException.class);
        assertThatThrownBy(library::running).isInstanceOf(CoordinatorNotAvailableException.class);
    }

    @Test
    void stopWithoutAStartDoesNothing() {
        library.stop();

        assertThatThrownBy(library::running).isInstanceOf(CoordinatorNotAvailableException.class);
    }
}
