package io.wellspring.network;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.wellspring.api.RequestProcessor;
import io.wellspring.model.Endpoint;
import io.wellspring.network.NetworkMetrics.RefusedConnection;
import io.wellspring.support.StartRefusedException;
import io.wellspring.support.Ticker;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.netty.DisposableServer;
import reactor.netty.NettyPipeline;
import reactor.netty.tcp.SslProvider;
import reactor.netty.tcp.TcpServer;

/**
 * Listens on the configured addresses and gives every connection that is let in its {@link ClientConnection}. Native epoll where
 * it exists. Threads: {@link #start} and {@link #stop} by one thread; the rest by any.
 */
public final class KafkaServer {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaServer.class);
    private static final int BACKLOG = 512;
    private static final WriteBufferWaterMark WRITE_BUFFER = new WriteBufferWaterMark(64 * 1024, 256 * 1024);
    private static final Duration BIND_TIMEOUT = Duration.ofSeconds(30);
    private static final long UNSENT_BYTES = 128 * 1024;

    private final List<ListenerSettings> listeners;
    private final int threads;
    private final ServerParts parts;
    private final List<Bound> bound = new CopyOnWriteArrayList<>();
    private @Nullable EventLoopGroup loops;

    /**
     * @param threads event loops, 1 or more
     * @param processor gets the requests
     */
    KafkaServer(
            List<ListenerSettings> listeners,
            int threads,
            NetworkLimits limits,
            RequestProcessor processor,
            NetworkMetrics metrics,
            Ticker ticker) {
        this.listeners = listeners;
        this.threads = threads;
        BytesInFlight bytes = new BytesInFlight(limits.totalBytes());
        this.parts = new ServerParts(
                limits,
                processor,
                metrics,
                ticker,
                bytes,
                new ConnectionLimits(limits),
                new OpenConnections(bytes, ticker),
                new FileReads(threads),
                new DropLog(ticker));
    }

    private record Bound(BoundListener listener, DisposableServer server) {}

    /**
     * A listener that is bound.
     *
     * @param address the actual address
     * @param advertised what clients are told
     */
    public record BoundListener(InetSocketAddress address, Endpoint advertised) {}

    /** Binds every listener. @throws StartRefusedException if one cannot be bound; then none is */
    public void start() {
        IoHandlerFactory io = Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(threads, new NetworkThreads(), io);
        loops = group;
        try {
            for (ListenerSettings listener : listeners) {
                bound.add(bind(listener, group));
            }
        } catch (RuntimeException e) {
            stop();
            throw e;
        }
    }

    /** The bound listeners, in the order of the settings. */
    public List<BoundListener> addresses() {
        return bound.stream().map(Bound::listener).toList();
    }

    public Connections connections() {
        return parts.connections();
    }

    /** Accepts no more, lets requests under way be answered within the drain time, then closes. */
    public void stop() {
        bound.forEach(listener -> listener.server().disposeNow(BIND_TIMEOUT));
        bound.clear();
        parts.connections().drain();
        awaitClosed();
        EventLoopGroup group = loops;
        if (group != null) {
            parts.connections().all().forEach(ClientConnection::close);
            group.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly(10, TimeUnit.SECONDS);
        }
        parts.files().close();
    }

    private void awaitClosed() {
        Duration drain = parts.limits().timeouts().drain();
        if (!parts.connections().awaitNone(drain)) {
            LOG.info(
                    "requests were still under way when the broker stopped connections={} drain={}",
                    parts.connections().count(),
                    drain);
        }
    }

    private Bound bind(ListenerSettings listener, EventLoopGroup group) {
        ListenerAddress address = new ListenerAddress(listener);
        try {
            DisposableServer server = TcpServer.create()
                    .runOn(group)
                    .bindAddress(listener::bind)
                    .option(ChannelOption.SO_BACKLOG, BACKLOG)
                    .childOption(ChannelOption.SO_KEEPALIVE, true)
                    .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WRITE_BUFFER)
                    .doOnChannelInit((observer, channel, remote) -> open(channel, address))
                    .bindNow(BIND_TIMEOUT);
            server.channel().pipeline().addFirst(new AcceptGuard(listener.name()));
            InetSocketAddress actual = (InetSocketAddress) server.channel().localAddress();
            LOG.info(
                    "listening listener={} address={} advertised={}",
                    listener.name(),
                    actual,
                    address.advertised(actual));
            return new Bound(new BoundListener(actual, address.advertised(actual)), server);
        } catch (RuntimeException e) {
            throw new StartRefusedException(
                    "The listener " + listener.name() + " cannot be bound to " + listener.bind() + ": " + rootMessage(e)
                            + ".",
                    "Stop what uses the address, or change wellspring.network.listeners[].bind.",
                    e);
        }
    }

    /** What clients of one listener are told; its port is known once it is bound, and it is bound before a client comes. */
    private record ListenerAddress(ListenerSettings settings) {
        Endpoint advertised(InetSocketAddress actual) {
            String host = settings.advertisedHost();
            return new Endpoint(
                    settings.name(),
                    settings.protocol(),
                    host == null ? settings.bind().getHostString() : host,
                    settings.advertisedPort() == 0 ? actual.getPort() : settings.advertisedPort());
        }
    }

    private void open(Channel channel, ListenerAddress listener) {
        channel.pipeline().remove(NettyPipeline.ReactiveBridge);
        String name = listener.settings().name();
        if (!(channel.remoteAddress() instanceof InetSocketAddress remote)
                || !(channel.localAddress() instanceof InetSocketAddress local)) {
            var _ = channel.close(); // the client has gone already
            return;
        }
        InetAddress address = remote.getAddress();
        RefusedConnection refusal = parts.connectionLimits().open(address);
        if (refusal != null) {
            parts.metrics().connectionRefused(name, refusal);
            var _ = channel.close();
            return;
        }
        var _ = channel.closeFuture()
                .addListener(closed -> parts.connectionLimits().close(address));
        if (listener.settings().tls() != null) {
            SslProvider tls = listener.settings().tls().get();
            tls.addSslHandler(channel, null, false);
        }
        boundUnsent(channel);
        new ClientConnection(channel, listener.advertised(local), address, parts);
    }

    /**
     * Keeps the kernel from taking more than it can send soon: what it has on its way over a long line does not count, so that one is
     * not slower for it. A reader on a short one is not given several MB at once, for which everybody who shares a processor with it would wait.
     */
    private static void boundUnsent(Channel channel) {
        if (channel instanceof EpollSocketChannel socket) {
            socket.config().setTcpNotSentLowAt(UNSENT_BYTES);
        }
    }

    private static String rootMessage(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return String.valueOf(root.getMessage());
    }

    /** Event loops: {@code wellspring-network-0}, … Netty's thread class keeps its thread-local buffers fast. */
    private static final class NetworkThreads extends DefaultThreadFactory {
        private int next;

        NetworkThreads() {
            super("wellspring-network", true);
        }

        @Override
        protected Thread newThread(Runnable task, String ignored) {
            return super.newThread(task, "wellspring-network-" + next++);
        }
    }
}
