/** Messages and requests to one member. */
@NullMarked
package io.memberlist.messaging.direct;

import org.jspecify.annotations.NullMarked;
