/**
 * Sockets and frames: listeners, request order, response order, file regions, back-pressure, connection limits.
 * Comes in: bytes of clients. Goes out: frames to {@code api.RequestProcessor}, responses to sockets.
 * Netty and Reactor are used only here; topics, logs and the meaning of an API are not known here.
 */
@NullMarked
package io.wellspring.network;

import org.jspecify.annotations.NullMarked;
