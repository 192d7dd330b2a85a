package io.wellspring.partition;

/** How a delete-records ended. */
public sealed interface DeleteRecordsOutcome {
    record Deleted(long logStartOffset) implements DeleteRecordsOutcome {}

    record Refused(ReadRefusal reason) implements DeleteRecordsOutcome {}
}
