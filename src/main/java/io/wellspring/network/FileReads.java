package io.wellspring.network;

import io.netty.buffer.ByteBuf;
import io.wellspring.batch.FileSlice;
import io.wellspring.support.RoleThreads;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.channels.FileChannel;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Reads files so that event loops never wait for a disk. sendfile blocks its thread on pages that are not in the page cache
 * (KAFKA-7504), so a stretch that was not written just now is looked at first, which does not block (mincore), and loaded by a thread of its own if any of it
 * is cold; TLS copies on these threads too. Threads: any.
 */
final class FileReads implements AutoCloseable {
    /** The only channel class that sendfile can take its descriptor from. */
    private static final String JDK_CHANNEL = "sun.nio.ch.FileChannelImpl";

    private final ExecutorService threads;

    FileReads(int threadCount) {
        this.threads = Executors.newFixedThreadPool(threadCount, new RoleThreads("network-file"));
    }

    void run(Runnable task) {
        threads.execute(task);
    }

    /** True if the kernel can send from this slice's file by itself. */
    static boolean canSendFile(FileSlice slice) {
        return slice.channel().getClass().getName().equals(JDK_CHANNEL);
    }

    /** Brings the stretch into the page cache. Blocks on the disk. */
    static void load(FileSlice slice, int from, int sizeBytes) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            slice.channel()
                    .map(FileChannel.MapMode.READ_ONLY, slice.position() + from, sizeBytes, arena)
                    .load();
        }
    }

    /** Copies the stretch. Blocks on the disk. */
    static void copy(FileSlice slice, int from, int sizeBytes, ByteBuf target) throws IOException {
        int count = slice.read(target.nioBuffer(target.writerIndex(), sizeBytes), from);
        target.writerIndex(target.writerIndex() + count);
    }

    @Override
    public void close() {
        threads.shutdown();
    }
}
