/** Micro-benchmarks of the wire format: bytes to messages and back. */
@NullMarked
package io.memberlist.benchmarks.wire;

import org.jspecify.annotations.NullMarked;
