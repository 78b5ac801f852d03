/** The port that layers attach to: a protocol of their own on the loop of a member. */
@NullMarked
package io.memberlist.extension;

import org.jspecify.annotations.NullMarked;
