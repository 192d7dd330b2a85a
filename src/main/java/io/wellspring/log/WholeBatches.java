package io.wellspring.log;

import io.wellspring.batch.RecordBatch;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the batches of a segment one after the other, each as a whole and with its checksum compared: what compaction writes anew gets a new checksum,
 * which must not hide damage. One buffer that grows to the largest batch. Threads: one.
 */
final class WholeBatches {
    private static final int WINDOW_BYTES = 1 << 20;

    private ByteBuffer window = ByteBuffer.allocate(WINDOW_BYTES).limit(0);
    private @Nullable LogFile file;
    private long endPosition;
    private long expectedOffset;
    private long endOffset;

    /** Byte of the file at the window's position. */
    private long position;

    /**
     * Begins with another file, at its first byte.
     *
     * @param next the open file of the segment
     * @param end no batch of it may reach this offset
     */
    void begin(LogFile next, Segment segment, long end) {
        file = next;
        endPosition = segment.sizeBytes();
        expectedOffset = segment.baseOffset();
        endOffset = end;
        position = 0;
        window.position(0).limit(0);
    }

    /**
     * The next batch, complete; good until the next call.
     *
     * @return null at the end
     * @throws IOException also if what follows is damaged
     */
    @Nullable
    RecordBatch next() throws IOException {
        if (position >= endPosition) {
            return null;
        }
        if (endPosition - position < RecordBatch.HEADER_SIZE_BYTES) {
            throw damaged("only " + (endPosition - position) + " bytes where a batch header should be");
        }
        require(RecordBatch.HEADER_SIZE_BYTES);
        RecordBatch header = RecordBatch.at(window, window.position());
        String problem = HeaderCheck.problem(header, endPosition - position);
        if (problem != null) {
            throw damaged(problem);
        }
        int sizeBytes = header.sizeBytes();
        require(sizeBytes);
        RecordBatch batch = RecordBatch.at(window, window.position());
        if (!batch.isCrcValid()) {
            throw damaged("the checksum is wrong");
        }
        if (batch.baseOffset() < expectedOffset || batch.nextOffset() > endOffset) {
            // The base offset lies outside of the checksum.
            throw damaged("offsets " + batch.baseOffset() + " to " + batch.lastOffset() + " where " + expectedOffset
                    + " to " + (endOffset - 1) + " were expected");
        }
        expectedOffset = batch.nextOffset();
        window.position(window.position() + sizeBytes);
        position += sizeBytes;
        return batch;
    }

    private void require(int bytes) throws IOException {
        if (window.remaining() >= bytes) {
            return;
        }
        if (window.capacity() < bytes) {
            window = ByteBuffer.allocate(bytes).put(window).flip();
        } else {
            window.compact().flip();
        }
        int kept = window.limit();
        long wanted = Math.min(window.capacity(), endPosition - position);
        window.position(kept).limit((int) wanted);
        if (file == null) {
            throw new IllegalStateException("no file was begun");
        }
        file.read(window, position + kept);
        window.flip();
        if (window.limit() < bytes) {
            throw damaged("the file ends inside a batch");
        }
    }

    private IOException damaged(String problem) {
        return new IOException(
                "damaged batch: file=" + (file == null ? "" : file.path()) + " position=" + position + " " + problem);
    }
}
