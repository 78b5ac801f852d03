/** Bytes to messages and back: pure functions and values, see docs/messaging.md for the layout. */
@NullMarked
package io.memberlist.messaging.envelope;

import org.jspecify.annotations.NullMarked;
