package io.wellspring.model;

/** The codecs of record batches; {@link #id} is the number in the lowest three bits of a batch's attributes. */
public enum CompressionType {
    NONE(0, "none"),
    GZIP(1, "gzip"),
    SNAPPY(2, "snappy"),
    LZ4(3, "lz4"),
    ZSTD(4, "zstd");

    private final int id;
    private final String label;

    CompressionType(int id, String label) {
        this.id = id;
        this.label = label;
    }

    public int id() {
        return id;
    }

    /** Kafka's name of the codec in settings. */
    public String label() {
        return label;
    }

    /**
     * The codec with this number.
     *
     * @throws IllegalArgumentException if no codec has the number
     */
    public static CompressionType ofId(int id) {
        return switch (id) {
            case 0 -> NONE;
            case 1 -> GZIP;
            case 2 -> SNAPPY;
            case 3 -> LZ4;
            case 4 -> ZSTD;
            default -> throw new IllegalArgumentException("no codec has the number " + id);
        };
    }
}
