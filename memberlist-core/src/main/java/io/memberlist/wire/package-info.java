/**
 * Bytes to messages and back. Pure functions on buffers: no sockets, no clock, no state of a cluster.
 */
@NullMarked
package io.memberlist.wire;

import org.jspecify.annotations.NullMarked;
