/**
 * The wire: request and response headers, frames and parts of responses, on the messages generated from Kafka's own definition.
 * Sans I/O: no sockets, threads, files or Spring.
 */
@NullMarked
package io.wellspring.protocol;

import org.jspecify.annotations.NullMarked;
