/**
 * Tests beside the real Go library: a driver for the program in {@code interop/}, and what the two must agree on.
 */
@NullMarked
package io.memberlist.interop;

import org.jspecify.annotations.NullMarked;
