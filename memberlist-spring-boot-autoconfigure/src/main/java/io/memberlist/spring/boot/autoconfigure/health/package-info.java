/**
 * Auto-configuration of the {@code memberlist} health contributor.
 */
@NullMarked
package io.memberlist.spring.boot.autoconfigure.health;

import org.jspecify.annotations.NullMarked;
