/**
 * Handlers that create, change and describe topics and settings.
 */
@NullMarked
package io.wellspring.api.topics;

import org.jspecify.annotations.NullMarked;
