/** Clusters of the real engine in virtual time: the command line. */
@NullMarked
package io.memberlist.simulator;

import org.jspecify.annotations.NullMarked;
