/**
 * Kafka's RecordBatch v2: header view, CRC32C, iteration, validation, builder; the slice of a file that holds batches.
 * Does not know who stores a batch or who asked for it.
 */
@NullMarked
package io.wellspring.batch;

import org.jspecify.annotations.NullMarked;
