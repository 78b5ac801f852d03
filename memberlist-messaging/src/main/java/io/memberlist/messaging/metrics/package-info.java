/** What cluster messages count, and why some are dropped. */
@NullMarked
package io.memberlist.messaging.metrics;

import org.jspecify.annotations.NullMarked;
