package io.wellspring.batch;

/**
 * The records of a batch cannot be read: what somebody sent or stored is wrong, not this program. It has no stack trace,
 * because a client decides how often it is thrown.
 */
public final class UnreadableRecordsException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Why. */
    public enum Reason {
        /** The batch or a record in it breaks the format. */
        MALFORMED,
        /** The codec refuses the bytes, or they end too early. */
        CORRUPT_COMPRESSION,
        /** No codec has the number in the attributes. */
        UNKNOWN_CODEC,
        /** More would come out than the bounds allow. */
        BOUND_EXCEEDED
    }

    private final Reason reason;

    UnreadableRecordsException(Reason reason, String message) {
        super(message, null, false, false);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
