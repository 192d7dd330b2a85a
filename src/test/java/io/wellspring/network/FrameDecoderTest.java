package io.wellspring.network;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The decoder against a plain model: whatever way the bytes come in, the frames go out whole, in order and in memory of their own. */
class FrameDecoderTest {
    private static final int MAX_FRAME_BYTES = 200 * 1024 * 1024;
    private static final int ROUNDS = 150;

    @Test
    void framesComeOutWholeHoweverTheyAreCutAndWhenTheyAreLetIn() {
        long seed = new Random().nextLong();
        System.out.println("FrameDecoderTest seed=" + seed);
        Random random = new Random(seed);
        for (int round = 0; round < ROUNDS; round++) {
            fuzz(random, Way.values()[round % Way.values().length]);
        }
    }

    private static void fuzz(Random random, Way way) {
        try (Rig rig = new Rig()) {
            List<byte[]> frames = new ArrayList<>();
            int usual = 1 << random.nextInt(18);
            for (int i = random.nextInt(40); i >= 0; i--) {
                byte[] frame = new byte[random.nextInt(4) == 0 ? random.nextInt(300) : random.nextInt(usual + 1)];
                random.nextBytes(frame);
                frames.add(frame);
            }
            byte[] bytes = stream(frames);
            rig.refusals = random.nextBoolean() ? random : null;
            int most = 1 << (3 + random.nextInt(17));
            for (int at = 0; at < bytes.length; ) {
                if (rig.refused) {
                    rig.letIn();
                } else {
                    int count = 1 + random.nextInt(Math.min(most, bytes.length - at));
                    at += rig.feed(bytes, at, count, way.isStraight(random));
                    rig.sometimesPause(random);
                }
            }
            while (rig.refused) {
                rig.letIn();
            }
            assertThat(rig.frames).hasSameSizeAs(frames);
            for (int i = 0; i < frames.size(); i++) {
                assertThat(ByteBufUtil.getBytes(rig.frames.get(i))).isEqualTo(frames.get(i));
                assertMeasured(rig.frames.get(i), frames.get(i).length);
            }
            assertThat(rig.decoder.receivedBytes()).isEqualTo(bytes.length);
            assertThat(rig.decoder.frameCount()).isEqualTo(frames.size());
            assertThat(rig.decoder.isMidFrame()).isFalse();
        }
    }

    @Test
    void announcingALargeFrameTakesNoMoreThanTwiceWhatHasArrived() {
        try (Rig rig = new Rig()) {
            rig.feedAll(ByteBuffer.allocate(4).putInt(100 << 20).array());
            byte[] some = new byte[1000];
            long arrived = 0;
            while (arrived < 4 << 20) {
                assertThat(rig.allocator.metric().usedDirectMemory())
                        .isLessThanOrEqualTo(2 * arrived + FrameDecoder.SMALL_READ_BYTES);
                assertThat(rig.decoder.isMidFrame()).isTrue();
                rig.feedAll(some);
                rig.readComplete();
                arrived += some.length;
            }
        }
    }

    @Test
    void onceEarnedTheRoomOfALargeFrameIsBounded() {
        try (Rig rig = new Rig()) {
            rig.feedAll(stream(List.of(new byte[5 << 20], new byte[0])));
            rig.releaseFrames();
            rig.feedAll(ByteBuffer.allocate(5).putInt(100 << 20).array());
            ByteBuf room = rig.room();
            room.release();
            assertThat(rig.allocator.metric().usedDirectMemory())
                    .isLessThanOrEqualTo(FrameDecoder.MOST_EARNED_BYTES + FrameDecoder.SMALL_READ_BYTES);
        }
    }

    @Test
    void framesLikeThoseBeforeAreTheBuffersThatTheSocketWasReadInto() {
        try (Rig rig = new Rig()) {
            byte[] one = stream(List.of(new byte[128 * 1024]));
            rig.feedAll(one);
            for (int i = 0; i < 10; i++) {
                ByteBuf room = rig.room();
                assertThat(room.writableBytes()).isGreaterThanOrEqualTo(one.length);
                room.writeBytes(one);
                rig.channel.pipeline().fireChannelRead(room);
                assertThat(rig.frames.getLast()).isSameAs(room);
            }
        }
    }

    @Test
    void theMiddleOfALargeFrameIsReadInPlace() {
        try (Rig rig = new Rig()) {
            byte[] one = stream(List.of(new byte[900 * 1024]));
            rig.feedAll(one);
            assertThat(rig.feed(one, 0, one.length, true)).isEqualTo(FrameDecoder.SMALL_READ_BYTES);
            ByteBuf room = rig.room();
            assertThat(room.writableBytes()).isEqualTo(one.length - FrameDecoder.SMALL_READ_BYTES);
            room.writeBytes(one, FrameDecoder.SMALL_READ_BYTES, room.writableBytes());
            rig.channel.pipeline().fireChannelRead(room);
            assertThat(rig.frames.getLast()).isSameAs(room);
        }
    }

    @Test
    void aSmallRequestAfterLargeOnesPinsLittle() {
        try (Rig rig = new Rig()) {
            rig.feedAll(stream(List.of(new byte[200_000], new byte[100], new byte[50], new byte[200_000])));
            rig.readComplete();
            assertThat(rig.frames.get(1).capacity()).isEqualTo(100);
            assertThat(rig.frames.get(2).capacity()).isEqualTo(50);
        }
    }

    @Test
    void aQuietConnectionHoldsNoMemory() {
        try (Rig rig = new Rig()) {
            rig.feedAll(stream(List.of(new byte[100_000], new byte[3])));
            rig.releaseFrames();
            ByteBuf room = rig.room();
            room.release(); // nothing was there to be read
            rig.readComplete();
            assertThat(rig.allocator.metric().usedDirectMemory()).isZero();
        }
    }

    @Test
    void anEndInTheMiddleGivesEverythingBackOnceAndWhatComesLaterToo() {
        try (Rig rig = new Rig()) {
            byte[] bytes = stream(List.of(new byte[100_000]));
            rig.feed(bytes, 0, 50_000, true);
            rig.feed(bytes, 50_000, 30_000, false);
            ByteBuf room = rig.room();
            rig.decoder.end();
            rig.decoder.end();
            room.writeByte(1);
            rig.channel.pipeline().fireChannelRead(room);
            assertThat(rig.feed(bytes, 80_000, 100, true)).isEqualTo(100);
            assertThat(rig.allocator.metric().usedDirectMemory()).isZero();
            assertThat(rig.frames).isEmpty();
        }
    }

    @Test
    void aSizeThatCannotBeEndsDecoding() {
        for (int size : new int[] {-1, Integer.MIN_VALUE, MAX_FRAME_BYTES + 1}) {
            try (Rig rig = new Rig()) {
                rig.feedAll(ByteBuffer.allocate(20).putInt(size).array());
                assertThat(rig.refusedSizes).containsExactly(size);
                assertThat(rig.allocator.metric().usedDirectMemory()).isZero();
            }
        }
    }

    private static void assertMeasured(ByteBuf frame, int sizeBytes) {
        assertThat(frame.capacity()).isLessThanOrEqualTo(Math.max(2 * sizeBytes + 1, sizeBytes));
    }

    private static byte[] stream(List<byte[]> frames) {
        ByteBuffer stream = ByteBuffer.allocate(
                frames.stream().mapToInt(frame -> 4 + frame.length).sum());
        frames.forEach(frame -> stream.putInt(frame.length).put(frame));
        return stream.array();
    }

    /** How bytes reach the decoder. */
    private enum Way {
        /** Read into its room. */
        STRAIGHT,
        /** In buffers of others, as behind TLS. */
        OTHERS,
        MIXED;

        boolean isStraight(Random random) {
            return switch (this) {
                case STRAIGHT -> true;
                case OTHERS -> false;
                case MIXED -> random.nextBoolean();
            };
        }
    }

    /** A decoder, a socket and a gate; closing it checks that no memory is left. */
    private static final class Rig extends ChannelInboundHandlerAdapter implements FrameDecoder.Gate, AutoCloseable {
        final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true);
        final List<ByteBuf> frames = new ArrayList<>();
        final List<Integer> refusedSizes = new ArrayList<>();
        final FrameDecoder decoder = new FrameDecoder(MAX_FRAME_BYTES, this);
        final EmbeddedChannel channel = new EmbeddedChannel();

        @Nullable
        Random refusals;

        boolean refused;

        Rig() {
            channel.config().setAllocator(allocator);
            channel.pipeline().addLast(decoder).addLast(this);
        }

        ByteBuf room() {
            return requireNonNull(decoder.room(allocator));
        }

        /** What a socket does with bytes that wait in it. @return how many it has read */
        int feed(byte[] bytes, int from, int count, boolean straight) {
            ByteBuf room = straight ? decoder.room(allocator) : null;
            ByteBuf target = room == null ? allocator.directBuffer(count) : room;
            int fitting = Math.min(count, target.writableBytes());
            target.writeBytes(bytes, from, fitting);
            channel.pipeline().fireChannelRead(target);
            return fitting;
        }

        void feedAll(byte[] bytes) {
            for (int at = 0; at < bytes.length; ) {
                at += feed(bytes, at, bytes.length - at, true);
            }
        }

        void readComplete() {
            channel.pipeline().fireChannelReadComplete();
        }

        void sometimesPause(Random random) {
            if (random.nextInt(5) == 0) {
                ByteBuf room = decoder.room(allocator);
                if (room != null) {
                    room.release(); // the socket was empty
                }
                readComplete();
            }
        }

        void letIn() {
            refused = false;
            decoder.resume(channel.pipeline().context(decoder));
        }

        @Override
        public boolean admit(int frameSizeBytes) {
            refused = refusals != null && refusals.nextInt(3) == 0;
            return !refused;
        }

        @Override
        public void received(int bytes) {}

        @Override
        public void refuseSize(int frameSizeBytes) {
            refusedSizes.add(frameSizeBytes);
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object frame) {
            frames.add((ByteBuf) frame);
        }

        void releaseFrames() {
            frames.forEach(ByteBuf::release);
            frames.clear();
        }

        @Override
        public void close() {
            decoder.end();
            releaseFrames();
            assertThat(allocator.metric().usedDirectMemory()).isZero();
            var _ = channel.close();
        }
    }
}
