package io.wellspring.log;

import io.wellspring.batch.RecordBatch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Writes batches with one gathering write. Threads: any. */
final class BatchGathering {
    private BatchGathering() {}

    /** The bytes of the batches in order; neighbours in one buffer become one piece. */
    static List<ByteBuffer> pieces(List<RecordBatch> batches) {
        if (batches.size() == 1) {
            return List.of(batches.getFirst().bytes());
        }
        List<ByteBuffer> pieces = new ArrayList<>(Math.min(batches.size(), 16));
        RecordBatch first = batches.getFirst();
        int runBytes = first.sizeBytes();
        for (int i = 1; i < batches.size(); i++) {
            RecordBatch next = batches.get(i);
            if (first.isFollowedBy(next, runBytes)) {
                runBytes += next.sizeBytes();
            } else {
                pieces.add(first.bytes(runBytes));
                first = next;
                runBytes = next.sizeBytes();
            }
        }
        pieces.add(first.bytes(runBytes));
        return pieces;
    }

    /**
     * Writes the batches at a position, which is the end of what is valid in the file.
     *
     * @param mayCut the file ends at the position, and is cut back to it if there was no room; a preallocated file is left as it is,
     *     its torn bytes lie behind the valid ones as zeros did before
     * @throws DiskFullException if there was no room; the file holds what it held before
     */
    static void write(LogFile target, List<RecordBatch> batches, long position, boolean mayCut) throws IOException {
        try {
            target.write(pieces(batches), position);
        } catch (IOException failure) {
            if (!DiskFullException.isDiskFull(failure)) {
                throw failure;
            }
            if (mayCut) {
                target.resize(position);
            }
            throw new DiskFullException("no room: file=" + target.path() + " position=" + position, failure);
        }
    }
}
