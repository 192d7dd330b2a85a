package io.wellspring.log;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.List;

/**
 * An open file on the real disk. The channel's own position belongs to the writer: only the gathering write uses it, because the
 * JDK has no positional one. Threads: see {@link LogFile}.
 */
final class DiskLogFile implements LogFile {
    private static final ByteBuffer[] NO_BUFFERS = new ByteBuffer[0];

    private final Path path;
    private final FileChannel channel;

    DiskLogFile(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    @Override
    public Path path() {
        return path;
    }

    @Override
    public long write(List<ByteBuffer> buffers, long position) throws IOException {
        if (buffers.size() == 1) {
            ByteBuffer only = buffers.getFirst();
            int size = only.remaining();
            write(only, position);
            return size;
        }
        ByteBuffer[] row = buffers.toArray(NO_BUFFERS);
        long total = 0;
        for (ByteBuffer buffer : row) {
            total += buffer.remaining();
        }
        channel.position(position);
        long written = 0;
        int first = 0;
        while (written < total) {
            written += channel.write(row, first, row.length - first);
            while (first < row.length && !row[first].hasRemaining()) {
                first++;
            }
        }
        return written;
    }

    @Override
    public void write(ByteBuffer buffer, long position) throws IOException {
        long at = position;
        while (buffer.hasRemaining()) {
            at += channel.write(buffer, at);
        }
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
        int total = 0;
        while (target.hasRemaining()) {
            int count = channel.read(target, position + total);
            if (count < 0) {
                return total == 0 ? -1 : total;
            }
            total += count;
        }
        return total;
    }

    @Override
    public void force() throws IOException {
        channel.force(false);
    }

    @Override
    public void resize(long sizeBytes) throws IOException {
        long size = channel.size();
        if (sizeBytes < size) {
            channel.truncate(sizeBytes);
        } else if (sizeBytes > size) {
            write(ByteBuffer.allocate(1), sizeBytes - 1);
        }
    }

    @Override
    public long size() throws IOException {
        return channel.size();
    }

    @Override
    public FileChannel channel() {
        return channel;
    }

    @Override
    public MemorySegment map(long position, long sizeBytes, Arena arena) throws IOException {
        return channel.map(FileChannel.MapMode.READ_WRITE, position, sizeBytes, arena);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
