package io.wellspring.batch.compression;

/**
 * Compressed bytes could not be read, and that is the fault of whoever made them. It is no {@code IOException}: no disk is
 * broken. It has no stack trace, because a client decides how often it is thrown.
 */
public abstract sealed class DecompressionException extends Exception
        permits CorruptCompressionException, DecompressionBoundExceededException {
    private static final long serialVersionUID = 1L;

    DecompressionException(String message) {
        super(message, null, false, false);
    }
}
