/** The simulated cluster of a run: nodes of the real engine, faults of nodes and network, and the load. */
@NullMarked
package io.memberlist.simulator.fuzz.cluster;

import org.jspecify.annotations.NullMarked;
