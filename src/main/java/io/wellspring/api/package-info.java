/**
 * The table of APIs: {@code RequestHandler}, {@code ApiRegistry}, {@code RequestDispatcher} and {@code ErrorCodes}; one final handler class
 * per Kafka API in the rooms below. Handlers translate between the wire and the broker; they keep no state of topics or logs.
 */
@NullMarked
package io.wellspring.api;

import org.jspecify.annotations.NullMarked;
