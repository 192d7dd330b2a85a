package io.wellspring.log;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.function.Supplier;

/**
 * The rows of an index file, mapped. The mapping holds no descriptor and is taken away by {@link #close}, which nobody calls while
 * a row is being read ({@link LazyFile} counts the readers). Threads: any.
 */
final class MappedIndex implements AutoCloseable {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    /** The arena lives as long as the mapping, and {@link #close} ends both: longer than a block of code. */
    private static final Supplier<Arena> ARENAS = Arena::ofShared;

    private final Arena arena;
    private final MemorySegment rows;
    private final int rowSizeBytes;

    private MappedIndex(Arena arena, MemorySegment rows, int rowSizeBytes) {
        this.arena = arena;
        this.rows = rows;
        this.rowSizeBytes = rowSizeBytes;
    }

    /** Maps the first {@code rowCount} rows, which the file has. */
    static MappedIndex open(LogFiles files, Path path, int rowSizeBytes, int rowCount) throws IOException {
        Arena arena = ARENAS.get();
        try (LogFile file = files.open(path)) {
            long wanted = (long) rowCount * rowSizeBytes;
            if (file.size() < wanted) {
                throw new IOException("index too short: file=" + path + " size=" + file.size() + " wanted=" + wanted);
            }
            return new MappedIndex(arena, file.map(0L, wanted, arena), rowSizeBytes);
        } catch (IOException | RuntimeException failure) {
            arena.close();
            throw failure;
        }
    }

    int rowCount() {
        return (int) (rows.byteSize() / rowSizeBytes);
    }

    int intAt(int row, int field) {
        return rows.get(INT, (long) row * rowSizeBytes + field);
    }

    long longAt(int row, int field) {
        return rows.get(LONG, (long) row * rowSizeBytes + field);
    }

    @Override
    public void close() {
        arena.close();
    }
}
