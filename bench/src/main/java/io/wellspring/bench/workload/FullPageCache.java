package io.wellspring.bench.workload;

import io.wellspring.bench.report.Machine;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Fills the memory that nothing uses with clean pages of a file, as a machine's is that has run for a while: what a broker writes or reads then takes the
 * place of such pages. Were much memory free, a virtual machine might hand it to its host. The first touch of such a page costs a fault in the host that
 * is many times as expensive as all that a broker does with the page, and while the host takes pages, the machine stands still for tens of ms.
 *
 * <p>The file is one hole, so that it takes no place on the disk and its pages come without it. Threads: one.
 */
final class FullPageCache implements AutoCloseable {
    /** Left free: little enough for a host to leave it. */
    private static final long FREE_BYTES = 512L << 20;
    /** More than that is not filled: it would take minutes. */
    private static final long FILLED_BYTES_MOST = 64L << 30;

    private static final int CHUNK_BYTES = 1 << 20;
    /** Never read twice, since pages that are would count as in use. */
    private static final long FILE_BYTES = 4L << 40;

    private final Path directory;
    private final ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK_BYTES);
    private @Nullable FileChannel file;
    private long position;

    /** @param directory on the disk that is measured */
    FullPageCache(Path directory) {
        this.directory = directory;
    }

    /** Reads once as much as is free: a kernel that reclaims ahead of need may leave more free than {@link #FREE_BYTES}, but pages that the machine has. */
    void fill() throws IOException {
        if (file == null || position + FILLED_BYTES_MOST > FILE_BYTES) {
            close();
            file = open();
            position = 0;
        }
        long end = position + Math.min(Machine.freeBytes() - FREE_BYTES, FILLED_BYTES_MOST);
        while (position < end) {
            position += file.read(chunk.clear(), position);
        }
    }

    private FileChannel open() throws IOException {
        FileChannel opened = FileChannel.open(
                directory.resolve("page-cache.tmp"),
                Set.of(
                        StandardOpenOption.CREATE,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.SPARSE,
                        StandardOpenOption.DELETE_ON_CLOSE));
        opened.write(ByteBuffer.allocate(1), FILE_BYTES - 1);
        return opened;
    }

    @Override
    public void close() throws IOException {
        if (file != null) {
            file.close();
            file = null;
        }
    }
}
