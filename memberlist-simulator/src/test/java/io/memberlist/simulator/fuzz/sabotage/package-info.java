/** Engines that are broken on purpose. */
@NullMarked
package io.memberlist.simulator.fuzz.sabotage;

import org.jspecify.annotations.NullMarked;
