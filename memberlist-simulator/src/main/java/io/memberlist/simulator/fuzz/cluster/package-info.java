/** The cluster of a run: nodes of the real engine, the faults that befall them and their network, and their load. */
@NullMarked
package io.memberlist.simulator.fuzz.cluster;

import org.jspecify.annotations.NullMarked;
