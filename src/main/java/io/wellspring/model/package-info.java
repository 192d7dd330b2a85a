/**
 * Words that every room uses: records and enums only.
 */
@NullMarked
package io.wellspring.model;

import org.jspecify.annotations.NullMarked;
