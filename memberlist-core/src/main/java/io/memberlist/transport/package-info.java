/**
 * The ports of the protocol: the event loop on which it runs, and the network through which it sends and receives.
 */
@NullMarked
package io.memberlist.transport;

import org.jspecify.annotations.NullMarked;
