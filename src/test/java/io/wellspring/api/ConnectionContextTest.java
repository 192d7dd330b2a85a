package io.wellspring.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.wellspring.model.Endpoint;
import io.wellspring.model.SecurityProtocol;
import io.wellspring.testing.TestLoop;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ConnectionContextTest {
    private final List<String> ran = new ArrayList<>();
    private final ConnectionContext connection = new ConnectionContext(
            1,
            new Endpoint("PLAINTEXT", SecurityProtocol.PLAINTEXT, "localhost", 9092),
            InetAddress.getLoopbackAddress(),
            TestLoop.direct());

    @Test
    void closingRunsEachTaskOnceButThoseTakenBack() {
        connection.whenClosed(() -> ran.add("stays"));
        connection.whenClosed(() -> ran.add("goes")).run();

        connection.close();
        connection.close();

        assertThat(ran).containsExactly("stays");
    }

    @Test
    void aTaskThatComesTooLateRunsAtOnce() {
        connection.close();

        connection.whenClosed(() -> ran.add("late"));

        assertThat(ran).containsExactly("late");
    }
}
