/** What must hold in every run, and the observations it is judged by. */
@NullMarked
package io.memberlist.simulator.fuzz.check;

import org.jspecify.annotations.NullMarked;
