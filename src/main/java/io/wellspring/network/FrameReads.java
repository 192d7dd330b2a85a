package io.wellspring.network;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;

/**
 * Has a socket read into the buffer that its {@link FrameDecoder} fills, for connections where nothing stands between them. Threads: the
 * connection's event loop.
 */
final class FrameReads extends DefaultMaxMessagesRecvByteBufAllocator {
    private final FrameDecoder decoder;

    FrameReads(FrameDecoder decoder) {
        this.decoder = decoder;
    }

    @Override
    public ExtendedHandle newHandle() {
        return new Room();
    }

    private final class Room extends MaxMessageHandle {
        @Override
        public int guess() {
            return FrameDecoder.SMALL_READ_BYTES;
        }

        @Override
        public ByteBuf allocate(ByteBufAllocator allocator) {
            ByteBuf room = decoder.room(allocator);
            return room == null ? super.allocate(allocator) : room;
        }
    }
}
