package io.wellspring.batch;

import io.wellspring.batch.compression.DecompressionBounds;
import io.wellspring.support.StartRefusedException;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Bounds on the decompression of batches.
 *
 * @param maxDecompressedSize no more comes out of one batch
 * @param maxDecompressionRatio bytes that may come out for one that goes in, where more than 8 MiB come out
 */
@ConfigurationProperties("wellspring.batch")
public record BatchProperties(
        @DefaultValue("64MB") DataSize maxDecompressedSize,
        @DefaultValue("1000") int maxDecompressionRatio) {
    private static final DataSize SMALLEST = DataSize.ofMegabytes(1);
    private static final DataSize LARGEST = DataSize.ofMegabytes(2047);

    public BatchProperties {
        if (maxDecompressedSize.compareTo(SMALLEST) < 0 || maxDecompressedSize.compareTo(LARGEST) > 0) {
            throw new StartRefusedException(
                    "wellspring.batch.max-decompressed-size is " + maxDecompressedSize + ", which is out of range.",
                    "Set it to 1MB to 2047MB.");
        }
        if (maxDecompressionRatio < 1) {
            throw new StartRefusedException(
                    "wellspring.batch.max-decompression-ratio is " + maxDecompressionRatio + ", which is out of range.",
                    "Set it to 1 or more.");
        }
    }

    DecompressionBounds bounds() {
        return new DecompressionBounds(
                maxDecompressedSize.toBytes(), maxDecompressionRatio, DecompressionBounds.DEFAULT.ratioFreeBytes());
    }
}
