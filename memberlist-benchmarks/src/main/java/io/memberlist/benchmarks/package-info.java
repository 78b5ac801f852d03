/** Clusters of several libraries, measured in the same way and in the same run. */
@NullMarked
package io.memberlist.benchmarks;

import org.jspecify.annotations.NullMarked;
