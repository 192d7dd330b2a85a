package io.wellspring.network;

import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sits in front of a listener's acceptor: when accepting fails, as when file descriptors have run out, it accepts nothing for
 * a moment, so that the loop does not spin, and then goes on. reactor-netty's own acceptor would not come back.
 * Threads: the event loop of the listening socket.
 */
final class AcceptGuard extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(AcceptGuard.class);
    private static final int PAUSE_MS = 200;

    private final String listener;

    AcceptGuard(String listener) {
        this.listener = listener;
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        ChannelConfig config = context.channel().config();
        if (!config.isAutoRead()) {
            return;
        }
        LOG.warn("connections cannot be accepted for {} ms listener={} cause={}", PAUSE_MS, listener, cause.toString());
        config.setAutoRead(false);
        var _ = context.executor().schedule(() -> config.setAutoRead(true), PAUSE_MS, TimeUnit.MILLISECONDS);
    }
}
