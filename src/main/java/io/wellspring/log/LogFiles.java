package io.wellspring.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The disk, as this room sees it: nothing here reaches a file in another way, so that a test can stand in for a disk that fails or
 * loses power ({@code testing.FaultyLogFiles}). {@link DiskLogFiles} is the real one.
 *
 * <p>What survives a crash: the bytes of a file that were there at its last {@link LogFile#force}; the names in a directory that were
 * there at its last {@link #syncDirectory}. Everything later may be there wholly, in part or not at all. A file whose bytes are
 * forced but whose name is not is lost. Threads: any.
 */
public interface LogFiles {
    /** Ends the name of a file that is being written and will be renamed; such a file found at start is garbage. */
    String TEMPORARY_SUFFIX = ".tmp";

    /**
     * Makes a new empty file and opens it for reading and writing. Its name is not durable before {@link #syncDirectory}.
     *
     * @throws java.nio.file.FileAlreadyExistsException if there is one
     */
    LogFile create(Path path) throws IOException;

    /**
     * Opens an existing file for reading and writing.
     *
     * @throws NoSuchFileException if there is none
     */
    LogFile open(Path path) throws IOException;

    /**
     * Opens an existing file for reading only.
     *
     * @throws NoSuchFileException if there is none
     */
    LogFile openForReading(Path path) throws IOException;

    /** True if there is a file or directory of this name. */
    boolean exists(Path path);

    boolean isDirectory(Path path);

    /** True if this process may make files in the directory, as far as one can tell without making one. */
    boolean isWritable(Path directory);

    /**
     * Size of a file without opening it, bytes.
     *
     * @throws NoSuchFileException if there is none
     */
    long size(Path path) throws IOException;

    /** When the file was written to last, ms since 1970. */
    long lastModifiedMs(Path path) throws IOException;

    /** Names (not paths) in a directory, sorted. */
    List<String> list(Path directory) throws IOException;

    /**
     * Makes one directory; its parent exists. Not durable before {@link #syncDirectory} of the parent.
     *
     * @throws java.nio.file.FileAlreadyExistsException if there is one
     */
    void createDirectory(Path directory) throws IOException;

    /** Renames a file (replacing one that has the new name) or a directory, in one step. Not durable before {@link #syncDirectory}. */
    void rename(Path source, Path target) throws IOException;

    /** Deletes a file or an empty directory; does nothing if there is none. Not durable before {@link #syncDirectory}. */
    void delete(Path path) throws IOException;

    /** Makes the names in this directory durable. Fails like an fsync: it is not retried. */
    void syncDirectory(Path directory) throws IOException;

    /**
     * Takes the file lock, making the file if needed.
     *
     * @return null if another process, or another holder in this one, has it
     */
    @Nullable
    AutoCloseable tryLock(Path path) throws IOException;

    /** Size of the volume, bytes. */
    long totalBytes(Path directory) throws IOException;

    /** Bytes of the volume that this process may still write. */
    long usableBytes(Path directory) throws IOException;

    /**
     * The whole of a small file.
     *
     * @param maxBytes a file larger than this is not read
     * @return position 0, limit at the end; null if there is no such file
     * @throws IOException also if the file is larger
     */
    default @Nullable ByteBuffer readWhole(Path path, int maxBytes) throws IOException {
        try (LogFile file = openForReading(path)) {
            long size = file.size();
            if (size > maxBytes) {
                throw new IOException(
                        "too large: " + path + " has " + size + " bytes, at most " + maxBytes + " expected");
            }
            ByteBuffer bytes = ByteBuffer.allocate((int) size);
            while (bytes.hasRemaining()) {
                if (file.read(bytes, bytes.position()) < 0) {
                    break;
                }
            }
            return bytes.flip();
        } catch (NoSuchFileException absent) {
            return null;
        }
    }

    /**
     * Writes a whole small file so that after a crash it is either as before or as now: temporary file, force, rename, directory.
     *
     * @param content position to limit; not moved
     */
    default void replace(Path path, ByteBuffer content) throws IOException {
        Path temporary = path.resolveSibling(path.getFileName() + TEMPORARY_SUFFIX);
        delete(temporary);
        try (LogFile file = create(temporary)) {
            file.write(content.duplicate(), 0L);
            file.force();
        }
        rename(temporary, path);
        syncDirectory(FileNames.parentOf(path));
    }
}
