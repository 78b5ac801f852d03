/**
 * Cluster messages: broadcasts that reach everybody, messages and requests to one member, on top of plain user messages.
 * {@link io.memberlist.messaging.ClusterMessaging} is the way in.
 */
@NullMarked
package io.memberlist.messaging;

import org.jspecify.annotations.NullMarked;
