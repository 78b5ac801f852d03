/**
 * Further members in this JVM, and what can be done to them. No application needs this: it exists so that one start shows
 * a cluster.
 */
@NullMarked
package io.memberlist.sample.companions;

import org.jspecify.annotations.NullMarked;
