package io.wellspring.log;

import io.wellspring.batch.FileSlice;
import org.jspecify.annotations.Nullable;

/**
 * What a log gives to a reader.
 *
 * @param slice whole batches of one segment; the first holds the asked offset; null if there is nothing to read there yet.
 *     One reference belongs to the reader
 * @param isCut true if the batch at the asked offset is larger than the allowance and was left out (slice is null then)
 */
public record LogRead(@Nullable FileSlice slice, boolean isCut) {}
