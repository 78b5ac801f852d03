/** Changes of the keys of a whole cluster: their requests, and their results. */
@NullMarked
package io.memberlist.messaging.keys;

import org.jspecify.annotations.NullMarked;
