/**
 * The codecs of record batches: gzip, snappy (xerial framing), lz4, zstd, both ways, with a bound on what comes out.
 */
@NullMarked
package io.wellspring.batch.compression;

import org.jspecify.annotations.NullMarked;
