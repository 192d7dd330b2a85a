package io.wellspring.batch.compression;

/** The bytes are not what the codec writes, or end too early. */
public final class CorruptCompressionException extends DecompressionException {
    private static final long serialVersionUID = 1L;

    CorruptCompressionException(String message) {
        super(message);
    }
}
