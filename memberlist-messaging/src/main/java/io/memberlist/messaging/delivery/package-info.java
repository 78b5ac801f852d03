/** Hands messages to the handlers of the application, each in a line of its own. */
@NullMarked
package io.memberlist.messaging.delivery;

import org.jspecify.annotations.NullMarked;
