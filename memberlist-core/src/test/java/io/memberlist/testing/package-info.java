/** Clusters of the real engine in virtual time, on a network with faults. */
@NullMarked
package io.memberlist.testing;

import org.jspecify.annotations.NullMarked;
