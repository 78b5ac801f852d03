/**
 * The protocol: a single-threaded state machine that reaches the world through the ports of {@code io.memberlist.transport}.
 */
@NullMarked
package io.memberlist.swim;

import org.jspecify.annotations.NullMarked;
