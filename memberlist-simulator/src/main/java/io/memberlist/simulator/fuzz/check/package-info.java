/** The invariants of every run, and the observations by which checkers judge them. */
@NullMarked
package io.memberlist.simulator.fuzz.check;

import org.jspecify.annotations.NullMarked;
