package io.wellspring.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The rows of one index: those in its file, and after them a short tail in memory, so that an append touches the {@code .log} file alone.
 * The tail is written to the file when it is full ({@value #TAIL_ROWS} rows, about 2 MiB of log), at a roll and at close.
 *
 * <p>Threads: one writer; readers any, without a lock: they see an immutable tail object whose count grows. What survives a crash: the rows
 * of the last {@link #force}; after an unclean end the rows above the durable mark are rebuilt from the log.
 */
final class IndexRows {
    static final int TAIL_ROWS = 512;
    private static final int FIRST_TAIL_ROWS = 16;

    private final LogFiles files;
    private final Path path;
    private final int rowSizeBytes;
    private final LazyFile<MappedIndex> mapping;
    private volatile Tail tail;

    /** Over all rows; the writer's. */
    private final CRC32C crc = new CRC32C();

    IndexRows(LogFiles files, OpenFiles openFiles, Path path, int rowSizeBytes, int rowCount) {
        this.files = files;
        this.path = path;
        this.rowSizeBytes = rowSizeBytes;
        this.tail = new Tail(rowCount, new byte[0], rowSizeBytes);
        this.mapping = new LazyFile<>(
                path.toString(), openFiles, () -> MappedIndex.open(files, path, rowSizeBytes, tail.firstRow));
    }

    Path path() {
        return path;
    }

    int rowCount() {
        Tail now = tail;
        return now.firstRow + now.count;
    }

    /** True at every {@value #TAIL_ROWS} rows in memory: time to {@link #writeTail write} them. */
    boolean isTailFull() {
        int count = tail.count;
        return count > 0 && count % TAIL_ROWS == 0;
    }

    /** Adds one row: the bytes of the buffer, position to limit. Threads: the writer. */
    void append(ByteBuffer row) {
        Tail now = tail;
        if (now.count * rowSizeBytes == now.bytes.length) {
            now = now.grown();
            tail = now;
        }
        int count = now.count;
        row.get(row.position(), now.bytes, count * rowSizeBytes, rowSizeBytes);
        crc.update(now.bytes, count * rowSizeBytes, rowSizeBytes);
        now.count = count + 1;
    }

    /** Writes the rows in memory to the file, which is made if needed. Threads: the writer. */
    void writeTail() throws IOException {
        Tail now = tail;
        boolean absent = now.firstRow == 0 && !files.exists(path);
        if (now.count == 0 && !absent) {
            return;
        }
        try (LogFile file = absent ? files.create(path) : files.open(path)) {
            file.write(
                    ByteBuffer.wrap(now.bytes, 0, now.count * rowSizeBytes).slice(),
                    (long) now.firstRow * rowSizeBytes);
        }
        // The old mapping still serves the rows it has: a reader that needs more maps again.
        tail = new Tail(now.firstRow + now.count, new byte[0], rowSizeBytes);
    }

    /** CRC32C over all rows, unsigned. Threads: the writer. */
    long crc() {
        return crc.getValue();
    }

    /** Reads the rows in the file, for {@link #crc}; called once after they were found. A longer file is cut behind them. */
    void readCrc() throws IOException {
        Tail now = tail;
        crc.reset();
        if (now.firstRow == 0 && !files.exists(path)) {
            return;
        }
        try (LogFile file = files.open(path)) {
            long size = (long) now.firstRow * rowSizeBytes;
            if (file.size() > size) {
                file.resize(size);
            }
            ByteBuffer rows = ByteBuffer.allocate((int) size);
            file.read(rows, 0L);
            crc.update(rows.flip());
        }
    }

    private void recountCrc() throws IOException {
        Tail now = tail;
        readCrc();
        crc.update(now.bytes, 0, now.count * rowSizeBytes);
    }

    /** Makes the rows in the file durable. */
    void force() throws IOException {
        try (LogFile file = files.open(path)) {
            file.force();
        }
    }

    /** Keeps the first rows only. Threads: the writer; readers hold no rows above, they were refused by offset before. */
    void truncate(int rowCount) throws IOException {
        Tail now = tail;
        if (rowCount >= now.firstRow) {
            int kept = Math.min(rowCount - now.firstRow, now.count);
            Tail shorter = new Tail(now.firstRow, now.bytes.clone(), rowSizeBytes);
            shorter.count = kept;
            tail = shorter;
            recountCrc();
            return;
        }
        // A new file takes the name, so that nobody who has the old one mapped reads past its end.
        ByteBuffer kept = ByteBuffer.allocate(rowCount * rowSizeBytes);
        try (LogFile file = files.open(path)) {
            file.read(kept, 0L);
        }
        files.replace(path, kept.flip());
        tail = new Tail(rowCount, new byte[0], rowSizeBytes);
        mapping.reset();
        recountCrc();
    }

    /** Throws away all rows, and the file. */
    void clear() throws IOException {
        files.delete(path);
        tail = new Tail(0, new byte[0], rowSizeBytes);
        crc.reset();
        mapping.reset();
    }

    /** Rows as of now. The caller closes the view. */
    View view() {
        return new View(tail);
    }

    /** The file is not mapped again: see {@link LazyFile#suspend}. */
    void suspend(CountDownLatch done) {
        mapping.suspend(done);
    }

    /** Gives the mapping back as soon as no reader is in it; for good. */
    void discard() {
        mapping.discard();
    }

    /** Rows that grow in place; a row is written before {@code count} says that it is there. */
    private static final class Tail {
        final int firstRow;
        final byte[] bytes;
        final ByteBuffer buffer;
        final int rowSizeBytes;
        volatile int count;

        Tail(int firstRow, byte[] bytes, int rowSizeBytes) {
            this.firstRow = firstRow;
            this.bytes = bytes;
            this.buffer = ByteBuffer.wrap(bytes);
            this.rowSizeBytes = rowSizeBytes;
        }

        Tail grown() {
            int rows = Math.max(FIRST_TAIL_ROWS, 2 * count);
            byte[] larger = new byte[rows * rowSizeBytes];
            System.arraycopy(bytes, 0, larger, 0, count * rowSizeBytes);
            Tail next = new Tail(firstRow, larger, rowSizeBytes);
            next.count = count;
            return next;
        }
    }

    /** A fixed number of rows. Maps the file only if a row of it is asked for. */
    final class View implements AutoCloseable {
        private final Tail rows;
        private final int rowCount;
        private LazyFile.@Nullable Lease<MappedIndex> lease;

        private View(Tail rows) {
            this.rows = rows;
            this.rowCount = rows.firstRow + rows.count;
        }

        int rowCount() {
            return rowCount;
        }

        /** The first row that is in memory. */
        int firstTailRow() {
            return rows.firstRow;
        }

        int intAt(int row, int field) throws IOException {
            return row >= rows.firstRow
                    ? rows.buffer.getInt((row - rows.firstRow) * rowSizeBytes + field)
                    : mapped(row).intAt(row, field);
        }

        long longAt(int row, int field) throws IOException {
            return row >= rows.firstRow
                    ? rows.buffer.getLong((row - rows.firstRow) * rowSizeBytes + field)
                    : mapped(row).longAt(row, field);
        }

        private MappedIndex mapped(int row) throws IOException {
            LazyFile.Lease<MappedIndex> held = lease;
            if (held != null && row >= held.value().rowCount()) {
                close();
                mapping.reset();
                held = null;
            }
            if (held == null) {
                held = mapping.acquire();
                if (row >= held.value().rowCount()) {
                    // An older, shorter mapping that another reader made before the tail was written.
                    held.release();
                    mapping.reset();
                    held = mapping.acquire();
                }
                lease = held;
            }
            if (row >= held.value().rowCount()) {
                throw new SegmentGoneException(path.toString());
            }
            return held.value();
        }

        @Override
        public void close() {
            LazyFile.Lease<MappedIndex> held = lease;
            lease = null;
            if (held != null) {
                held.release();
            }
        }
    }
}
