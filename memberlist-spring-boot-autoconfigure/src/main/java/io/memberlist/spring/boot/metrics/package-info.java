/**
 * Micrometer metrics of the member.
 */
@NullMarked
package io.memberlist.spring.boot.metrics;

import org.jspecify.annotations.NullMarked;
