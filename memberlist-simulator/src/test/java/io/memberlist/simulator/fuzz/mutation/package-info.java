/** Engines that are broken on purpose. */
@NullMarked
package io.memberlist.simulator.fuzz.mutation;

import org.jspecify.annotations.NullMarked;
