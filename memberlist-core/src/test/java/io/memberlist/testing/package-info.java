/** Clusters of the real engine in virtual time, on a network that can be hurt. */
@NullMarked
package io.memberlist.testing;

import org.jspecify.annotations.NullMarked;
