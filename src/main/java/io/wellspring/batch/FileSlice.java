package io.wellspring.batch;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/**
 * A range of a file that holds whole batches, lent by a log to a reader: {@code [position, position + sizeBytes)} of
 * {@link #channel}. The file stays open until every holder has released the slice, even if the log has deleted or closed
 * it meanwhile. It begins with one reference, which belongs to whoever asked for it. Threads: any.
 */
public final class FileSlice {
    private final FileChannel channel;
    private final long position;
    private final int sizeBytes;
    private final Runnable onRelease;
    private final BooleanSupplier wasWrittenJustNow;
    private final AtomicInteger references = new AtomicInteger(1);

    /** @param onRelease run once, by the thread that gives the last reference back */
    public FileSlice(FileChannel channel, long position, int sizeBytes, Runnable onRelease) {
        this(channel, position, sizeBytes, onRelease, () -> false);
    }

    /** @param wasWrittenJustNow says at any time whether that is still so */
    public FileSlice(
            FileChannel channel, long position, int sizeBytes, Runnable onRelease, BooleanSupplier wasWrittenJustNow) {
        this.channel = channel;
        this.position = position;
        this.sizeBytes = sizeBytes;
        this.onRelease = onRelease;
        this.wasWrittenJustNow = wasWrittenJustNow;
    }

    public FileChannel channel() {
        return channel;
    }

    /** Byte of the file at which the slice begins. */
    public long position() {
        return position;
    }

    public int sizeBytes() {
        return sizeBytes;
    }

    /** True if it was written so lately that it is in the page cache in all likelihood: cheaper than to ask the kernel. */
    public boolean wasWrittenJustNow() {
        return wasWrittenJustNow.getAsBoolean();
    }

    /** True if so many bytes from {@code from} on are in the page cache now. Does not block. */
    public boolean isCached(int from, int count) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            return channel.map(FileChannel.MapMode.READ_ONLY, position + from, count, arena)
                    .isLoaded();
        }
    }

    /** Takes one more reference. @throws IllegalStateException if the slice was given back already */
    public FileSlice retain() {
        if (references.getAndUpdate(count -> count == 0 ? 0 : count + 1) == 0) {
            throw new IllegalStateException("the slice was given back: " + this);
        }
        return this;
    }

    /** Gives one reference back. @throws IllegalStateException if there is none left */
    public void release() {
        int before = references.getAndUpdate(count -> count == 0 ? 0 : count - 1);
        if (before == 0) {
            throw new IllegalStateException("the slice was given back twice: " + this);
        }
        if (before == 1) {
            onRelease.run();
        }
    }

    /**
     * Copies bytes of the slice into the target until the target is full or the slice ends. Blocks on the disk.
     *
     * @param from byte of the slice, 0 to {@link #sizeBytes}
     * @return bytes copied
     */
    public int read(ByteBuffer target, int from) throws IOException {
        int wanted = Math.min(target.remaining(), sizeBytes - from);
        ByteBuffer window = target.slice(target.position(), wanted);
        while (window.hasRemaining()) {
            int count = channel.read(window, position + from + window.position());
            if (count < 0) {
                throw new IOException("the file ends inside the slice: " + this);
            }
        }
        target.position(target.position() + wanted);
        return wanted;
    }

    @Override
    public String toString() {
        return "FileSlice[position " + position + ", " + sizeBytes + " bytes, " + references.get() + " references]";
    }
}
