package io.wellspring.log;

/**
 * What one compaction of a log did.
 *
 * @param cleanedTo offset below which everything is compacted
 * @param bytesRead bytes of batches before
 * @param bytesWritten bytes of batches after
 * @param recordsRead records before
 * @param recordsKept records after
 */
public record CompactionReport(long cleanedTo, long bytesRead, long bytesWritten, long recordsRead, long recordsKept) {}
