/** Who may see and operate the broker over HTTP: users, roles, and what is open to everybody. */
@NullMarked
package io.wellspring.management.access;

import org.jspecify.annotations.NullMarked;
