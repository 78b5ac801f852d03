/**
 * Measures dissemination in clusters of any size, and how well Lifeguard distinguishes slow members from failed ones.
 */
@NullMarked
package io.memberlist.simulator.scale;

import org.jspecify.annotations.NullMarked;
