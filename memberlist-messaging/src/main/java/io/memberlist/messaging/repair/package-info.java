/** What was missed: the numbers seen of each origin, the store, digests and fetches. */
@NullMarked
package io.memberlist.messaging.repair;

import org.jspecify.annotations.NullMarked;
