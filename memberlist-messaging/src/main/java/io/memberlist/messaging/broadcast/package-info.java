/** Broadcasts: numbered, divided in a tree, passed on, and handed over in order. */
@NullMarked
package io.memberlist.messaging.broadcast;

import org.jspecify.annotations.NullMarked;
