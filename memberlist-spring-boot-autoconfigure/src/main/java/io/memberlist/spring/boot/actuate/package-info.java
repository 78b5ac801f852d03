/**
 * The {@code members} endpoint.
 */
@NullMarked
package io.memberlist.spring.boot.actuate;

import org.jspecify.annotations.NullMarked;
