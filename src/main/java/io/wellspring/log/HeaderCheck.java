package io.wellspring.log;

import io.wellspring.batch.RecordBatch;
import org.jspecify.annotations.Nullable;

/** What must be true of the header of any batch in a segment, whoever wrote it. */
final class HeaderCheck {
    /** The first byte of a batch that its CRC covers: the attributes. */
    static final int CRC_START = 21;

    private HeaderCheck() {}

    /**
     * @param remainingBytes bytes of the segment from the batch's beginning on
     * @return why the header cannot be true; null if it can
     */
    static @Nullable String problem(RecordBatch batch, long remainingBytes) {
        int length = batch.batchLength();
        if (length < RecordBatch.HEADER_SIZE_BYTES - RecordBatch.LENGTH_OVERHEAD_BYTES) {
            return "batch length " + length + " is smaller than a header";
        }
        if ((long) length + RecordBatch.LENGTH_OVERHEAD_BYTES > remainingBytes) {
            return "batch length " + length + " reaches past the end, " + remainingBytes + " bytes remain";
        }
        if (batch.magic() != RecordBatch.MAGIC) {
            return "magic is " + batch.magic();
        }
        if (batch.baseOffset() < 0 || batch.lastOffsetDelta() < 0 || batch.lastOffset() < 0) {
            return "offsets " + batch.baseOffset() + " + " + batch.lastOffsetDelta();
        }
        if (batch.recordCount() < 0) {
            return "record count " + batch.recordCount();
        }
        return null;
    }
}
