/**
 * A member's life inside a Spring application context.
 */
@NullMarked
package io.memberlist.spring;

import org.jspecify.annotations.NullMarked;
