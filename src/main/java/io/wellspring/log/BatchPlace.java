package io.wellspring.log;

/**
 * Where a batch lies in its segment.
 *
 * @param baseOffset offset of its first record
 * @param nextOffset offset after its last record
 * @param position its first byte
 * @param endPosition the byte after its last one
 */
record BatchPlace(long baseOffset, long nextOffset, long position, long endPosition) {
    long sizeBytes() {
        return endPosition - position;
    }
}
