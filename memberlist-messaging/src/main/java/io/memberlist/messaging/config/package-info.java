/** The settings of cluster messages. */
@NullMarked
package io.memberlist.messaging.config;

import org.jspecify.annotations.NullMarked;
