package io.wellspring.model;

/** What a reader may see: everything committed to the log, or only what no open transaction holds back. */
public enum IsolationLevel {
    READ_UNCOMMITTED,
    READ_COMMITTED
}
