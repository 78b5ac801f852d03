/**
 * What hostile peers can do to a cluster of this engine, and to one of the Go library. The members are processes of their
 * own; the peer is this process, which speaks raw bytes.
 */
@NullMarked
package io.memberlist.benchmarks.hostile;

import org.jspecify.annotations.NullMarked;
