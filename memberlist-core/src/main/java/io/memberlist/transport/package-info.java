/**
 * The ports of the protocol: the event loop it runs on and the network it speaks through.
 */
@NullMarked
package io.memberlist.transport;

import org.jspecify.annotations.NullMarked;
