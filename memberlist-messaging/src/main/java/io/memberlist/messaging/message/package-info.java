/** What applications send and receive, and who handles it. */
@NullMarked
package io.memberlist.messaging.message;

import org.jspecify.annotations.NullMarked;
