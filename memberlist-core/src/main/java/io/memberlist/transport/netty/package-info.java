/**
 * The ports of the protocol on Netty: UDP and TCP on one port number, and many members on a few threads.
 */
@NullMarked
package io.memberlist.transport.netty;

import org.jspecify.annotations.NullMarked;
