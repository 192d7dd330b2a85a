/** The APIs of consumer groups: finding their coordinator, membership, committed offsets, administration. */
@NullMarked
package io.wellspring.api.groups;

import org.jspecify.annotations.NullMarked;
