/** What makes the load: frames built beforehand and sent over plain sockets, so that most of the machine is left to the broker; and Kafka's own clients, where their way of doing things is what counts. */
@NullMarked
package io.wellspring.bench.load;

import org.jspecify.annotations.NullMarked;
