package io.wellspring.batch;

/** Who made the batches that are appended. */
public enum RecordOrigin {
    /** A client, by a produce request: exactly one batch, base offset 0, no control records. */
    CLIENT,
    /** This broker (catalog, coordinators, transaction markers): several batches and control records are allowed. */
    BROKER
}
