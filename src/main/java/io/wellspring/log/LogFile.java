package io.wellspring.log;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.List;

/**
 * One open file. Threads: reads any; writes, truncation and force one thread at a time. A thread that uses it must never be
 * interrupted: an interrupt closes the channel for everyone.
 */
public interface LogFile extends AutoCloseable {
    Path path();

    /**
     * Writes all bytes of the buffers, one after the other, from {@code position} on, by gathering writes. The file grows if needed.
     *
     * @param buffers their positions are moved to their limits
     * @return bytes written
     */
    long write(List<ByteBuffer> buffers, long position) throws IOException;

    /**
     * Writes all bytes of the buffer from {@code position} on.
     *
     * @param buffer its position is moved to its limit
     */
    void write(ByteBuffer buffer, long position) throws IOException;

    /**
     * Reads bytes from {@code position} on, until the buffer is full or the file ends.
     *
     * @return bytes read, fewer than asked only at the end of the file; -1 if the file ends at or before {@code position}
     */
    int read(ByteBuffer target, long position) throws IOException;

    /** Makes bytes and size durable (fdatasync). If it throws, nobody may force this file again and believe the answer. */
    void force() throws IOException;

    /** Cuts the file to this size, or fills it with zeros up to it (sparsely), bytes. */
    void resize(long sizeBytes) throws IOException;

    /** Size now, bytes. */
    long size() throws IOException;

    /** For file regions of the network and for {@code FileSlice} only; never write through it. */
    FileChannel channel();

    /** Maps a part of the file that exists, for reading and writing, until the arena closes. */
    MemorySegment map(long position, long sizeBytes, Arena arena) throws IOException;

    @Override
    void close() throws IOException;
}
