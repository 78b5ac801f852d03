/** Finds bugs: random faults on clusters in virtual time, each run fixed by its seed. */
@NullMarked
package io.memberlist.simulator.fuzz;

import org.jspecify.annotations.NullMarked;
