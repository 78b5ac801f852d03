/**
 * Auto-configuration of the Micrometer meters.
 */
@NullMarked
package io.memberlist.spring.boot.autoconfigure.metrics;

import org.jspecify.annotations.NullMarked;
