/** What the broker decides for groups of clients (and later for transactions): state that is replayed from internal partitions. */
@NullMarked
package io.wellspring.coordinator;

import org.jspecify.annotations.NullMarked;
