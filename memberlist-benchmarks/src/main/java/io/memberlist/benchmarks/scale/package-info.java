/** Measures many members in one process beside as many of the Go library: how they form a cluster, rest and notice failures. */
@NullMarked
package io.memberlist.benchmarks.scale;

import org.jspecify.annotations.NullMarked;
