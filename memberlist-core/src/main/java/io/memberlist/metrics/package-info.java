/**
 * Micrometer names and the binder.
 */
@NullMarked
package io.memberlist.metrics;

import org.jspecify.annotations.NullMarked;
