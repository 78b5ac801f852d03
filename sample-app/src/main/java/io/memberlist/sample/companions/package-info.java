/**
 * Additional members in this JVM, and the faults that users inject. No application needs this: it exists so that a
 * single start shows a cluster.
 */
@NullMarked
package io.memberlist.sample.companions;

import org.jspecify.annotations.NullMarked;
