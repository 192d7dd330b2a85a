/**
 * Handlers that move records: Produce, Fetch and its sessions, ListOffsets, OffsetForLeaderEpoch, InitProducerId, DeleteRecords.
 * They translate between the wire and {@code partition}; records pass through untouched.
 */
@NullMarked
package io.wellspring.api.data;

import org.jspecify.annotations.NullMarked;
