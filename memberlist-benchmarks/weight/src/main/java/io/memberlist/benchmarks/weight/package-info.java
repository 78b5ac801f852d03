/** Small applications with a web server that differ in the library for clusters only. Started by {@code weight.sh}. */
@NullMarked
package io.memberlist.benchmarks.weight;

import org.jspecify.annotations.NullMarked;
