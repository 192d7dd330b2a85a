package io.wellspring.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import io.wellspring.model.Endpoint;
import io.wellspring.model.SecurityProtocol;
import io.wellspring.support.Ticker;
import java.net.InetAddress;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class OpenConnectionsTest {
    private final Ticker ticker = Ticker.system();
    private final BytesInFlight bytes = new BytesInFlight(1 << 20);
    private final OpenConnections connections = new OpenConnections(bytes, ticker);
    private final FileReads files = new FileReads(1);
    private final CountingMetrics metrics = new CountingMetrics();
    private final ServerParts parts = new ServerParts(
            NetworkFixture.LIMITS,
            new ScriptedProcessor(),
            metrics,
            ticker,
            bytes,
            new ConnectionLimits(NetworkFixture.LIMITS),
            connections,
            files,
            new DropLog(ticker));

    @AfterEach
    void close() {
        files.close();
    }

    @Test
    void connectionThatIsOpenIsClosedByADrain() {
        EmbeddedChannel channel = accepted();
        assertThat(channel.isOpen()).isTrue();

        connections.drain();
        channel.runPendingTasks();

        assertThat(channel.isOpen()).isFalse();
        assertThat(connections.awaitNone(Duration.ZERO)).isTrue();
    }

    @Test
    void connectionThatWasAcceptedInTheLastMomentDoesNotOutliveADrain() {
        connections.drain();

        EmbeddedChannel channel = accepted();
        channel.runPendingTasks();

        assertThat(channel.isOpen()).isFalse();
        assertThat(connections.awaitNone(Duration.ZERO)).isTrue();
        assertThat(metrics.opened.get()).isEqualTo(metrics.closed.get());
    }

    private EmbeddedChannel accepted() {
        EmbeddedChannel channel = new EmbeddedChannel();
        InetAddress address = InetAddress.getLoopbackAddress();
        new ClientConnection(
                channel, new Endpoint("TEST", SecurityProtocol.PLAINTEXT, "localhost", 9092), address, parts);
        channel.pipeline().fireChannelActive();
        channel.runPendingTasks();
        return channel;
    }
}
