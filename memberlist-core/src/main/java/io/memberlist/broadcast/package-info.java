/**
 * Broadcasts and the transmit-limited queue that spreads them by gossip.
 */
@NullMarked
package io.memberlist.broadcast;

import org.jspecify.annotations.NullMarked;
