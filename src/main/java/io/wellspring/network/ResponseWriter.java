package io.wellspring.network;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.wellspring.protocol.EncodedResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Writes the responses of one connection, part by part. Bytes go out as they are; a file slice goes out by sendfile in stretches
 * of at most {@link #STRETCH_BYTES}, of which no more than that are under way, so that a slow reader holds no memory, and after which
 * the loop's other connections have their turn, so that a fast one does not hold the loop; under TLS a stretch is copied by another thread first. Each slice
 * is given back exactly once, however it ends. Threads: the connection's event loop.
 */
final class ResponseWriter {
    /** What one connection sends from files before others on its loop have their turn: some 0.1 ms on the loopback. */
    private static final int STRETCH_BYTES = 256 * 1024;

    /** To load more at once takes fewer hops between threads. */
    private static final int LOADED_BYTES = 1024 * 1024;

    private static final int SMALL_SIZE_BYTES = 4096;
    /** Copied stretches are memory, so they are smaller. */
    private static final int COPIED_STRETCH_BYTES = 128 * 1024;

    private final ChannelHandlerContext context;
    private final FileReads files;
    private final boolean copies;
    private final Listener listener;
    private final Queue<EncodedResponse> waiting = new ArrayDeque<>();
    private final Runnable flush;
    private final Runnable turn;

    private @Nullable Outgoing current;
    private int sliceBytesUnderWay;
    private int sliceBytesSinceTurn;
    private int unfinishedWrites;
    private boolean waitsForFile;
    private boolean waitsForTurn;
    private boolean advancing;
    private boolean flushScheduled;
    private boolean closed;
    private long finishedWrites;

    /** @param copies true if bytes must pass through memory (TLS) */
    ResponseWriter(ChannelHandlerContext context, FileReads files, boolean copies, Listener listener) {
        this.context = context;
        this.files = files;
        this.copies = copies;
        this.listener = listener;
        this.flush = () -> {
            flushScheduled = false;
            context.flush();
        };
        this.turn = () -> {
            waitsForTurn = false;
            sliceBytesSinceTurn = 0;
            advance();
        };
    }

    /** Hears how responses fare. */
    interface Listener {
        /** Bytes of responses left memory: sent, or given up. */
        void released(long memoryBytes);

        /** Bytes of responses were taken by the socket. */
        void sent(long sizeBytes);

        /** The socket takes nothing more. */
        void unwritable(Throwable cause);

        /** A file cannot be read. */
        void unreadable(Throwable cause);
    }

    private static final class Outgoing {
        private final Iterator<EncodedResponse.Part> parts;
        private @Nullable OutgoingSlice slice;

        private Outgoing(EncodedResponse response) {
            this.parts = response.parts().iterator();
        }
    }

    /** Bytes of a response that are held in memory until it is sent. */
    static long memoryBytes(EncodedResponse response) {
        long bytes = 0;
        for (EncodedResponse.Part part : response.parts()) {
            bytes += part instanceof EncodedResponse.Bytes(ByteBuffer buffer) ? buffer.remaining() : 0;
        }
        return bytes;
    }

    /** True if everything was taken by the socket's buffer and there is room for more. */
    boolean isReady() {
        return current == null && waiting.isEmpty() && context.channel().isWritable();
    }

    /** True if something is waiting for the client to read. */
    boolean isPending() {
        return current != null || !waiting.isEmpty() || unfinishedWrites > 0;
    }

    /** Writes that have ended; grows while the client reads. */
    long finishedWrites() {
        return finishedWrites;
    }

    void write(EncodedResponse response) {
        if (!isPending()) {
            sliceBytesSinceTurn = 0; // the loop has been at its sockets since: the request came from one
        }
        waiting.add(response);
        advance();
    }

    /** Hands on what there is room for. */
    void advance() {
        if (advancing || closed) {
            return;
        }
        advancing = true;
        try {
            while (!closed
                    && !waitsForFile
                    && !waitsForTurn
                    && context.channel().isWritable()
                    && step()) {
                // One step hands on one part or stretch.
            }
        } finally {
            advancing = false;
        }
    }

    /** Gives back whatever was not handed on. What was fails with the channel and is given back then. */
    void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (current != null) {
            abandon(current);
            current = null;
        }
        for (EncodedResponse response = waiting.poll(); response != null; response = waiting.poll()) {
            response.release();
            listener.released(memoryBytes(response));
        }
    }

    private void abandon(Outgoing outgoing) {
        if (outgoing.slice != null) {
            outgoing.slice.end();
        }
        long memoryBytes = 0;
        while (outgoing.parts.hasNext()) {
            switch (outgoing.parts.next()) {
                case EncodedResponse.Bytes(ByteBuffer buffer) -> memoryBytes += buffer.remaining();
                case EncodedResponse.Slice part -> part.slice().release();
            }
        }
        listener.released(memoryBytes);
    }

    /** @return false if there is nothing to do, or no room for it */
    private boolean step() {
        if (current == null) {
            EncodedResponse next = waiting.poll();
            if (next == null) {
                return false;
            }
            if (next.parts().size() == 1
                    && next.parts().getFirst() instanceof EncodedResponse.Bytes(ByteBuffer whole)) {
                sendWhole(whole);
                return true;
            }
            current = new Outgoing(next);
        }
        Outgoing outgoing = current;
        if (outgoing.slice != null && outgoing.slice.remaining() > 0) {
            return handOut(outgoing.slice);
        }
        if (outgoing.slice != null) {
            outgoing.slice.end();
            outgoing.slice = null;
        }
        if (!outgoing.parts.hasNext()) {
            current = null;
            return true;
        }
        switch (outgoing.parts.next()) {
            case EncodedResponse.Bytes(ByteBuffer buffer) -> send(Unpooled.wrappedBuffer(buffer), buffer.remaining());
            case EncodedResponse.Slice part -> outgoing.slice = new OutgoingSlice(part);
        }
        return true;
    }

    private boolean handOut(OutgoingSlice slice) {
        if (copies || !FileReads.canSendFile(slice.slice())) {
            copy(slice, Math.min(slice.remaining(), COPIED_STRETCH_BYTES));
            return false;
        }
        int sizeBytes = Math.min(slice.remaining(), STRETCH_BYTES - sliceBytesUnderWay);
        if (sizeBytes == 0) {
            return false;
        }
        if (sliceBytesSinceTurn >= STRETCH_BYTES) {
            // A socket that takes whatever it is given must not keep the loop from the others. Not execute(): what is
            // executed runs before the loop looks at its sockets again.
            waitsForTurn = true;
            var _ = context.channel().eventLoop().schedule(turn, 0, TimeUnit.NANOSECONDS);
            return false;
        }
        try {
            if (slice.slice().wasWrittenJustNow() || slice.slice().isCached(slice.position(), sizeBytes)) {
                int from = slice.position();
                slice.handOut(sizeBytes);
                sendFile(slice, from, sizeBytes);
                return true;
            }
        } catch (IOException e) {
            listener.unreadable(e);
            return false;
        }
        warm(slice, Math.min(slice.remaining(), LOADED_BYTES), sizeBytes);
        return false;
    }

    private void sendFile(OutgoingSlice slice, int from, int sizeBytes) {
        sliceBytesUnderWay += sizeBytes;
        unfinishedWrites++;
        var _ = context.write(new SliceRegion(slice.slice(), from, sizeBytes)).addListener((ChannelFuture sent) -> {
            sliceBytesUnderWay -= sizeBytes;
            sliceBytesSinceTurn += sizeBytes;
            slice.finished();
            writeEnded(sent, sizeBytes);
        });
        flushSoon();
    }

    /** A response without records. A socket takes bytes outside the heap: what is to be copied there is copied at once. */
    private void sendWhole(ByteBuffer whole) {
        ByteBuf copy = whole.hasArray() && whole.remaining() <= SMALL_SIZE_BYTES && !copies ? outsideHeap(whole) : null;
        send(copy == null ? Unpooled.wrappedBuffer(whole) : copy, whole.remaining());
    }

    /** Null: there is no memory for it. The write will say so if there is none then either. */
    private @Nullable ByteBuf outsideHeap(ByteBuffer whole) {
        try {
            return context.alloc()
                    .directBuffer(whole.remaining(), whole.remaining())
                    .writeBytes(whole.array(), whole.arrayOffset() + whole.position(), whole.remaining());
        } catch (OutOfMemoryError e) {
            return null;
        }
    }

    /** @param memoryBytes what of it is charged to the connection */
    private void send(ByteBuf bytes, long memoryBytes) {
        unfinishedWrites++;
        int sizeBytes = bytes.readableBytes();
        var _ = context.write(bytes).addListener((ChannelFuture sent) -> {
            listener.released(memoryBytes);
            writeEnded(sent, sizeBytes);
        });
        flushSoon();
    }

    private void writeEnded(ChannelFuture sent, int sizeBytes) {
        unfinishedWrites--;
        finishedWrites++;
        Throwable cause = sent.cause();
        if (cause != null) {
            listener.unwritable(cause);
        } else {
            listener.sent(sizeBytes);
            advance();
        }
    }

    /**
     * @param loadedBytes brought into the page cache
     * @param sizeBytes of them that are sent then
     */
    private void warm(OutgoingSlice slice, int loadedBytes, int sizeBytes) {
        int from = slice.position();
        slice.handOut(sizeBytes);
        onFileThread(slice, () -> {
            FileReads.load(slice.slice(), from, loadedBytes);
            return () -> {
                if (closed) {
                    slice.finished();
                } else {
                    sendFile(slice, from, sizeBytes);
                }
            };
        });
    }

    private void copy(OutgoingSlice slice, int sizeBytes) {
        int from = slice.position();
        slice.handOut(sizeBytes);
        ByteBuf copy = context.alloc().directBuffer(sizeBytes, sizeBytes);
        onFileThread(slice, () -> {
            try {
                FileReads.copy(slice.slice(), from, sizeBytes, copy);
            } catch (IOException | RuntimeException | InternalError e) {
                copy.release();
                throw e;
            }
            return () -> {
                slice.finished();
                if (closed) {
                    copy.release();
                } else {
                    send(copy, 0);
                }
            };
        });
    }

    /** Reads on a file thread, goes on with what that returns on the event loop. */
    private interface FileRead {
        Runnable read() throws IOException;
    }

    private void onFileThread(OutgoingSlice slice, FileRead read) {
        waitsForFile = true;
        files.run(() -> {
            Runnable next;
            try {
                next = read.read();
            } catch (IOException | RuntimeException | InternalError e) {
                // InternalError is how mapped memory tells of a sector that cannot be read.
                next = () -> {
                    slice.finished();
                    listener.unreadable(e);
                };
            }
            comeBack(next);
        });
    }

    private void comeBack(Runnable next) {
        Runnable onLoop = () -> {
            waitsForFile = false;
            next.run();
            advance();
        };
        try {
            context.channel().eventLoop().execute(onLoop);
        } catch (RejectedExecutionException e) {
            // The loop has ended, and with it everything that could use the slice at the same time.
            onLoop.run();
        }
    }

    /** One flush for everything that is written before the loop comes to it. */
    private void flushSoon() {
        if (!flushScheduled) {
            flushScheduled = true;
            context.channel().eventLoop().execute(flush);
        }
    }
}
