/** How fast news travels in clusters of any size, and how well Lifeguard tells the slow from the dead. */
@NullMarked
package io.memberlist.simulator.scale;

import org.jspecify.annotations.NullMarked;
