package io.wellspring.api.data;

import io.wellspring.batch.FileSlice;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Brings the bytes of a slice into the page cache by reading them once, unless they are there, so that sendfile does not wait for the disk on an event loop
 * (KAFKA-7504). One buffer per thread, small enough to stay in the processor's cache. Threads: those that may block on the disk.
 */
final class PageWarmer {
    private static final int CHUNK_BYTES = 128 << 10;
    private final ThreadLocal<ByteBuffer> buffers =
            ThreadLocal.withInitial(() -> ByteBuffer.allocateDirect(CHUNK_BYTES));

    void warm(FileSlice slice) throws IOException {
        if (!slice.isCached(0, slice.sizeBytes())) {
            read(slice);
        }
    }

    private void read(FileSlice slice) throws IOException {
        ByteBuffer buffer = buffers.get();
        for (int at = 0; at < slice.sizeBytes(); ) {
            at += slice.read(buffer.clear(), at);
        }
        buffer.clear();
    }
}
