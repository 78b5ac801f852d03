/**
 * Broadcasts, and the transmit-limited queue from which gossip takes them.
 */
@NullMarked
package io.memberlist.broadcast;

import org.jspecify.annotations.NullMarked;
