/** The ways out: packets under a budget, and streams, a few at a time. */
@NullMarked
package io.memberlist.messaging.outbox;

import org.jspecify.annotations.NullMarked;
