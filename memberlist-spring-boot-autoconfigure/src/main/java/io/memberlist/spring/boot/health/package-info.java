/**
 * The {@code memberlist} health indicator.
 */
@NullMarked
package io.memberlist.spring.boot.health;

import org.jspecify.annotations.NullMarked;
