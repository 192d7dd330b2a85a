package io.wellspring.log;

/**
 * What the index files of a segment hold at a durable mark. It is not forced with the mark: rows are believed after a crash only if their
 * checksums are these, and made anew from the log else. Immutable.
 *
 * @param offsetRows rows of the offset index
 * @param offsetCrc CRC32C over them, unsigned
 * @param timeRows rows of the time index
 * @param timeCrc CRC32C over them, unsigned
 * @param largest the largest timestamp below the mark
 * @param bytesSinceRow bytes of batches after the last row's beginning that count towards the next row
 */
record IndexMark(
        int offsetRows, long offsetCrc, int timeRows, long timeCrc, TimeIndex.Entry largest, long bytesSinceRow) {
    IndexMark {
        if (offsetRows < 0 || timeRows < 0 || bytesSinceRow < 0) {
            throw new IllegalArgumentException("rows " + offsetRows + " and " + timeRows + ", " + bytesSinceRow);
        }
    }
}
