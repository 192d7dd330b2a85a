package io.wellspring.log;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** The real disk; counts what is read of {@code .log} files. */
final class CountingFiles extends ForwardingFiles {
    private final AtomicLong logBytes = new AtomicLong();

    /** Bytes of log data read since the last call. */
    long takeLogBytes() {
        return logBytes.getAndSet(0L);
    }

    @Override
    public LogFile open(Path path) throws IOException {
        return counted(super.open(path));
    }

    @Override
    public LogFile openForReading(Path path) throws IOException {
        return counted(super.openForReading(path));
    }

    private LogFile counted(LogFile file) {
        return file.path().toString().endsWith(SegmentPaths.LOG_SUFFIX) ? new CountedFile(file, logBytes) : file;
    }

    private record CountedFile(LogFile file, AtomicLong bytes) implements LogFile {
        @Override
        public Path path() {
            return file.path();
        }

        @Override
        public long write(List<ByteBuffer> buffers, long position) throws IOException {
            return file.write(buffers, position);
        }

        @Override
        public void write(ByteBuffer buffer, long position) throws IOException {
            file.write(buffer, position);
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            int count = file.read(target, position);
            bytes.addAndGet(Math.max(count, 0));
            return count;
        }

        @Override
        public void force() throws IOException {
            file.force();
        }

        @Override
        public void resize(long sizeBytes) throws IOException {
            file.resize(sizeBytes);
        }

        @Override
        public long size() throws IOException {
            return file.size();
        }

        @Override
        public FileChannel channel() {
            throw new AssertionError("what is read of a channel cannot be counted: " + file.path());
        }

        @Override
        public MemorySegment map(long position, long sizeBytes, Arena arena) {
            throw new AssertionError("a log is mapped: " + file.path());
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
