package io.wellspring.network;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.wellspring.api.ConnectionContext;
import io.wellspring.api.ConnectionRefusedException;
import io.wellspring.api.RequestProcessor;
import io.wellspring.model.Endpoint;
import io.wellspring.network.Connections.OpenConnection;
import io.wellspring.network.NetworkMetrics.DroppedConnection;
import io.wellspring.network.ResponseSequencer.Turn;
import io.wellspring.protocol.EncodedResponse;
import io.wellspring.protocol.MalformedFrameException;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client. Its requests begin in the order in which they arrived and are answered in that order; those that may overlap
 * begin while others of their kind are under way, any other begins when all before it have ended. Nothing begins while the
 * client does not read its answers. A frame is given back when its request has ended, a response when it was sent or cannot be.
 * Threads: its event loop, but for {@link #view}, {@link #drain} and the completion of requests.
 */
final class ClientConnection extends ChannelInboundHandlerAdapter
        implements FrameDecoder.Gate, ResponseWriter.Listener {
    private static final Logger LOG = LoggerFactory.getLogger(ClientConnection.class);
    /** Not an object of its own: every request would have one. */
    private static final AtomicIntegerFieldUpdater<UnderWay> END_COUNT =
            AtomicIntegerFieldUpdater.newUpdater(UnderWay.class, "endCount");

    private final ServerParts parts;
    private final ConnectionContext client;
    private final FrameDecoder decoder;
    private final ConnectionWatch watch;
    private final ResponseSequencer sequencer = new ResponseSequencer();
    private final Queue<ByteBuf> arrived = new ArrayDeque<>();

    private final ChannelHandlerContext context;
    private final ReadGate gate;
    private final ResponseWriter writer;
    private long frameBegun;
    private int underWay;
    private int underWayAlone;
    private boolean starting;
    private boolean opened;
    private boolean draining;
    private boolean closed;

    /** Adds itself and its decoder to the end of the channel's pipeline. */
    ClientConnection(Channel channel, Endpoint endpoint, InetAddress address, ServerParts parts) {
        this.parts = parts;
        this.client = new ConnectionContext(
                parts.connections().nextId(), endpoint, address, new ChannelLoop(channel.eventLoop()));
        this.decoder = new FrameDecoder(parts.limits().frameSizeBytes(), this);
        this.watch = new ConnectionWatch(this, parts.limits().timeouts(), parts.bytes());
        channel.pipeline().addLast("frames", decoder).addLast("requests", this);
        this.context = channel.pipeline().context(this);
        ChannelHandlerContext decoderContext = channel.pipeline().context(decoder);
        this.gate = new ReadGate(
                channel, parts.limits().connectionBytes(), parts.bytes(), () -> decoder.resume(decoderContext));
        boolean isTls = channel.pipeline().get(SslHandler.class) != null;
        this.writer = new ResponseWriter(context, parts.files(), isTls, this);
        if (!isTls) {
            channel.config().setRecvByteBufAllocator(new FrameReads(decoder));
        }
    }

    long id() {
        return client.id();
    }

    FrameDecoder decoder() {
        return decoder;
    }

    boolean hasUnsent() {
        return writer.isPending();
    }

    long finishedWrites() {
        return writer.finishedWrites();
    }

    /** True while this broker itself does not want to read. */
    boolean isReadStopped() {
        return draining || gate.isClosed();
    }

    /** Threads: any. */
    OpenConnection view() {
        return new OpenConnection(
                client.id(), listener(), client.clientAddress(), client.clientId(), client.software(), gate.bytes());
    }

    /** Lets requests under way be answered, begins no other, then closes. Threads: any. */
    void drain() {
        onLoop(() -> {
            draining = true;
            gate.close();
            context.channel().config().setAutoRead(false);
            closeWhenDrained();
        });
    }

    /** Closes at once. Threads: any. */
    void close() {
        onLoop(this::end);
    }

    @Override
    public void channelActive(ChannelHandlerContext ignored) {
        opened = true;
        parts.metrics().connectionOpened(listener());
        watch.start(context);
        context.channel().config().setAutoRead(true);
        parts.connections().add(this); // last: it may be told to close at once
    }

    @Override
    public void channelInactive(ChannelHandlerContext ignored) {
        end();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ignored) {
        writer.advance();
        beginArrived();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ignored, Object event) {
        if (event instanceof SslCloseCompletionEvent) {
            end();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ignored, Throwable thrown) {
        Throwable cause = thrown instanceof DecoderException && thrown.getCause() != null ? thrown.getCause() : thrown;
        if (cause instanceof SSLException) {
            drop(DroppedConnection.TLS, String.valueOf(cause.getMessage()), null);
        } else if (cause instanceof IOException) {
            LOG.debug("connection lost connection={}", this, cause);
            end();
        } else {
            drop(DroppedConnection.FAILED_REQUEST, "an error in the network", cause);
        }
    }

    @Override
    public boolean admit(int frameSizeBytes) {
        if (draining || !gate.admit(frameSizeBytes)) {
            return false;
        }
        frameBegun = ReadGate.charge(frameSizeBytes);
        return true;
    }

    @Override
    public void received(int bytes) {
        parts.metrics().bytesReceived(listener(), bytes);
    }

    @Override
    public void refuseSize(int frameSizeBytes) {
        drop(
                DroppedConnection.FRAME_SIZE,
                "a request of " + frameSizeBytes + " bytes where at most "
                        + parts.limits().frameSizeBytes() + " are allowed",
                null);
    }

    @Override
    public void channelRead(ChannelHandlerContext ignored, Object frame) {
        frameBegun = 0;
        arrived.add((ByteBuf) frame);
        beginArrived();
    }

    private void beginArrived() {
        if (starting) {
            return; // a request that ends at once comes here again: the loop below goes on
        }
        starting = true;
        try {
            ByteBuf next = arrived.peek();
            while (next != null && !closed && !draining && writer.isReady()) {
                boolean overlaps =
                        parts.processor().mayOverlap(next.readableBytes() < 2 ? -1 : next.getShort(next.readerIndex()));
                if (underWayAlone > 0 || (underWay > 0 && !overlaps)) {
                    break;
                }
                begin(arrived.remove(), overlaps);
                next = arrived.peek();
            }
        } finally {
            starting = false;
        }
    }

    private void begin(ByteBuf frame, boolean overlaps) {
        Turn turn = sequencer.begin(ReadGate.charge(frame.readableBytes()));
        underWay++;
        underWayAlone += overlaps ? 0 : 1;
        UnderWay request = new UnderWay(frame, overlaps, turn);
        try {
            parts.processor().process(client, frame.nioBuffer(), request);
        } catch (Throwable e) {
            request.refused(e);
        }
    }

    /** A request that has begun: hears how it ended on any thread, and goes on with that on the loop. */
    private final class UnderWay implements RequestProcessor.Completion, Runnable {
        private final ByteBuf frame;
        private final boolean overlaps;
        private final Turn turn;
        private @Nullable EncodedResponse response;
        private @Nullable Throwable failure;
        private volatile int endCount;

        UnderWay(ByteBuf frame, boolean overlaps, Turn turn) {
            this.frame = frame;
            this.overlaps = overlaps;
            this.turn = turn;
        }

        @Override
        public void answered(@Nullable EncodedResponse answer) {
            if (isFirstEnd(null)) {
                response = answer;
                onLoop(this);
            }
        }

        @Override
        public void refused(Throwable reason) {
            if (isFirstEnd(reason)) {
                failure = reason;
                onLoop(this);
            }
        }

        /** Only the first end counts; what a second one brings is not even released, for it may be what the first one sends. */
        private boolean isFirstEnd(@Nullable Throwable reason) {
            boolean isFirst = END_COUNT.compareAndSet(this, 0, 1);
            if (!isFirst) {
                LOG.error("A request ended twice: connection={}", client.id(), reason);
            }
            return isFirst;
        }

        @Override
        public void run() {
            frame.release();
            underWay--;
            underWayAlone -= overlaps ? 0 : 1;
            ended(turn, response, failure);
        }
    }

    private void ended(Turn turn, @Nullable EncodedResponse response, @Nullable Throwable failure) {
        if (closed) {
            if (response != null) {
                response.release();
            }
            gate.release(turn.frameCharge());
            return;
        }
        if (failure != null) {
            sequencer.end(turn, null, 0);
            dropFor(failure);
            return;
        }
        long memoryBytes = response == null ? 0 : ResponseWriter.memoryBytes(response);
        gate.add(memoryBytes);
        sequencer.end(turn, response, memoryBytes);
        for (Turn next = sequencer.next(); next != null; next = sequencer.next()) {
            if (next.response() != null) {
                writer.write(next.response());
            }
            gate.release(next.frameCharge());
        }
        beginArrived();
        closeWhenDrained();
    }

    @Override
    public void released(long memoryBytes) {
        gate.release(memoryBytes);
    }

    @Override
    public void sent(long sizeBytes) {
        parts.metrics().bytesSent(listener(), sizeBytes);
        beginArrived();
        closeWhenDrained();
    }

    @Override
    public void unwritable(Throwable cause) {
        LOG.debug("connection lost connection={}", this, cause);
        end();
    }

    @Override
    public void unreadable(Throwable cause) {
        drop(DroppedConnection.FAILED_REQUEST, "records of a response cannot be read", cause);
    }

    private void dropFor(Throwable failure) {
        if (failure instanceof MalformedFrameException) {
            drop(DroppedConnection.MALFORMED_FRAME, String.valueOf(failure.getMessage()), null);
        } else if (failure instanceof ConnectionRefusedException) {
            drop(DroppedConnection.REFUSED_REQUEST, String.valueOf(failure.getMessage()), null);
        } else {
            drop(DroppedConnection.FAILED_REQUEST, "a request failed without an answer", failure);
        }
    }

    /** Closes for a reason that is counted and logged once. */
    void drop(DroppedConnection reason, String detail, @Nullable Throwable bug) {
        if (!closed) {
            parts.metrics().connectionDropped(listener(), reason);
            parts.dropLog().dropped(this, reason, detail, bug);
            end();
        }
    }

    private void closeWhenDrained() {
        if (draining && sequencer.isEmpty() && !writer.isPending()) {
            end();
        }
    }

    private void end() {
        if (closed) {
            return;
        }
        closed = true;
        client.close();
        watch.stop();
        gate.close();
        decoder.end();
        gate.release(frameBegun);
        for (ByteBuf frame = arrived.poll(); frame != null; frame = arrived.poll()) {
            gate.release(ReadGate.charge(frame.readableBytes()));
            frame.release();
        }
        gate.release(sequencer.abandon());
        writer.close();
        var _ = context.close();
        if (opened) {
            parts.connections().remove(this);
            parts.metrics().connectionClosed(listener());
        }
    }

    private void onLoop(Runnable task) {
        EventLoop loop = context.channel().eventLoop();
        if (loop.inEventLoop()) {
            task.run();
            return;
        }
        try {
            loop.execute(task);
        } catch (RejectedExecutionException e) {
            // The loop has ended, and with it everything that could touch this connection at the same time.
            task.run();
        }
    }

    private String listener() {
        return client.endpoint().listener();
    }

    @Override
    public String toString() {
        return client.id() + " listener=" + listener() + " client="
                + client.clientAddress().getHostAddress();
    }
}
