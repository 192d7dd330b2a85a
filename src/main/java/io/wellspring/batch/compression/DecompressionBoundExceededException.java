package io.wellspring.batch.compression;

/** More would come out than {@link DecompressionBounds} allow; it was not made. */
public final class DecompressionBoundExceededException extends DecompressionException {
    private static final long serialVersionUID = 1L;

    DecompressionBoundExceededException(String codec, long limitBytes) {
        super(codec + ": more than the allowed " + limitBytes + " bytes come out");
    }
}
