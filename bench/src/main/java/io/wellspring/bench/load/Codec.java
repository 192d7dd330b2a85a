package io.wellspring.bench.load;

import org.apache.kafka.common.compress.Compression;

/** How a producer compresses. */
public enum Codec {
    NONE("none"),
    LZ4("lz4"),
    ZSTD("zstd");

    private final String label;

    Codec(String label) {
        this.label = label;
    }

    /** Kafka's word for it. */
    public String label() {
        return label;
    }

    /** A compression of Kafka's client at its default level. */
    Compression compression() {
        return switch (this) {
            case NONE -> Compression.NONE;
            case LZ4 -> Compression.lz4().build();
            case ZSTD -> Compression.zstd().build();
        };
    }
}
