package io.wellspring.batch.compression;

/**
 * How much may come out of compressed bytes. The smaller of two limits holds: {@link #maxBytes}, and {@link #maxRatio}
 * times what went in; the ratio counts only above {@link #ratioFreeBytes}, because a small batch of equal bytes is
 * honest and shrinks a ten-thousandfold. Threads: any.
 *
 * @param maxBytes no more than this comes out
 * @param maxRatio bytes that may come out per byte that goes in
 * @param ratioFreeBytes up to here the ratio does not count
 */
public record DecompressionBounds(long maxBytes, int maxRatio, long ratioFreeBytes) {
    private static final long MEBIBYTE = 1024 * 1024;

    /** 64 MiB, 1,000 to 1 above 8 MiB. */
    public static final DecompressionBounds DEFAULT = new DecompressionBounds(64 * MEBIBYTE, 1_000, 8 * MEBIBYTE);

    /** For what is stored: it was bounded when it came in, and a smaller bound set since must not make it unreadable. */
    public static final DecompressionBounds STORED =
            new DecompressionBounds(Integer.MAX_VALUE - 8, Integer.MAX_VALUE, 0);

    public DecompressionBounds {
        if (maxBytes < 1 || maxBytes > Integer.MAX_VALUE - 8 || maxRatio < 1 || ratioFreeBytes < 0) {
            throw new IllegalArgumentException("not a bound on decompression: " + maxBytes + " bytes, " + maxRatio
                    + " to 1 above " + ratioFreeBytes + " bytes");
        }
    }

    /** These bounds, but no more than {@code bytes} come out. */
    public DecompressionBounds atMost(long bytes) {
        return bytes >= maxBytes ? this : new DecompressionBounds(bytes, maxRatio, ratioFreeBytes);
    }

    /** What may come out of {@code compressedBytes}. */
    public long limitFor(int compressedBytes) {
        return Math.min(maxBytes, Math.max(ratioFreeBytes, (long) compressedBytes * maxRatio));
    }
}
