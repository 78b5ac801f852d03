/**
 * How a member behaves: its settings, checked when they are made.
 */
@NullMarked
package io.memberlist.config;

import org.jspecify.annotations.NullMarked;
