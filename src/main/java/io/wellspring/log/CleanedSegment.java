package io.wellspring.log;

import io.wellspring.batch.RecordBatch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The segment that compaction writes, with its indexes, under names that end in {@code .cleaned}: garbage until a {@link SwapRecord} names it. All of
 * it is on disk, names too, when {@link #finish} returns. Threads: one.
 */
final class CleanedSegment {
    private static final int BUFFER_BYTES = 1 << 20;

    private final SegmentContext context;
    private final Segment segment;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
    private final List<RecordBatch> waiting = new ArrayList<>();

    private CleanedSegment(SegmentContext context, Segment segment) {
        this.context = context;
        this.segment = segment;
    }

    static CleanedSegment create(SegmentContext context, Path directory, long baseOffset) throws IOException {
        SegmentPaths paths = new SegmentPaths(directory, baseOffset, SegmentPaths.CLEANED_SUFFIX);
        context.files().delete(paths.log());
        return new CleanedSegment(context, Segment.create(context, paths));
    }

    /** Copies it. */
    void add(RecordBatch batch) throws IOException {
        int sizeBytes = batch.sizeBytes();
        if (sizeBytes > buffer.remaining()) {
            write();
        }
        if (sizeBytes > buffer.capacity()) {
            segment.append(List.of(batch));
            return;
        }
        int position = buffer.position();
        buffer.put(batch.bytes());
        waiting.add(RecordBatch.at(buffer.duplicate().clear(), position));
    }

    private void write() throws IOException {
        if (!waiting.isEmpty()) {
            segment.append(waiting);
            waiting.clear();
            buffer.clear();
        }
    }

    /** Makes all of it durable. */
    void finish() throws IOException {
        write();
        segment.seal();
        segment.flush();
        segment.forceIndexes();
        context.files().syncDirectory(segment.paths().directory());
        segment.discard();
    }

    long baseOffset() {
        return segment.baseOffset();
    }

    long sizeBytes() {
        return segment.sizeBytes();
    }

    SegmentPaths paths() {
        return segment.paths();
    }

    /** Throws it away. */
    void drop() throws IOException {
        segment.discard();
        for (Path path : segment.paths().all()) {
            context.files().delete(path);
        }
    }
}
