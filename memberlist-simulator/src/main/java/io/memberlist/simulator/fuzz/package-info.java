/** Fuzzing: random faults in clusters in virtual time. The seed determines the run. */
@NullMarked
package io.memberlist.simulator.fuzz;

import org.jspecify.annotations.NullMarked;
