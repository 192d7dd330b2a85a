package io.wellspring.batch.compression;

import io.wellspring.model.CompressionType;

/**
 * A codec and how hard it tries: what a topic's {@code compression.type} and {@code compression.<codec>.level} say. The
 * ranges and defaults are those of Kafka's topic settings. Threads: any.
 *
 * @param level the codec's own number; 0 for codecs without levels
 */
public record Compression(CompressionType type, int level) {
    public static final Compression NONE = new Compression(CompressionType.NONE, 0);
    public static final int GZIP_DEFAULT_LEVEL = -1;
    public static final int LZ4_DEFAULT_LEVEL = 9;
    public static final int ZSTD_DEFAULT_LEVEL = 3;
    public static final int ZSTD_MIN_LEVEL = -131_072;
    public static final int ZSTD_MAX_LEVEL = 22;

    /** @throws IllegalArgumentException if the codec has no such level */
    public Compression {
        boolean known = switch (type) {
            case NONE, SNAPPY -> level == 0;
            case GZIP -> level == GZIP_DEFAULT_LEVEL || (level >= 1 && level <= 9);
            case LZ4 -> level >= 1 && level <= 17;
            case ZSTD -> level >= ZSTD_MIN_LEVEL && level <= ZSTD_MAX_LEVEL;
        };
        if (!known) {
            throw new IllegalArgumentException(type.label() + " has no compression level " + level);
        }
    }

    /** The codec at its default level. */
    public static Compression of(CompressionType type) {
        return switch (type) {
            case NONE -> NONE;
            case SNAPPY -> new Compression(type, 0);
            case GZIP -> new Compression(type, GZIP_DEFAULT_LEVEL);
            case LZ4 -> new Compression(type, LZ4_DEFAULT_LEVEL);
            case ZSTD -> new Compression(type, ZSTD_DEFAULT_LEVEL);
        };
    }
}
