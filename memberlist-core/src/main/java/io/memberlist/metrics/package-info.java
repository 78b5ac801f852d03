/**
 * What a member counts and measures, why something was dropped, and the binders of its meters to Micrometer.
 */
@NullMarked
package io.memberlist.metrics;

import org.jspecify.annotations.NullMarked;
