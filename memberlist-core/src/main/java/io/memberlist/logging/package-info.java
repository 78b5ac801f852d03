/**
 * How lines are logged that others can cause: one of a kind in ten seconds, and with what others wrote made printable. Not for
 * applications.
 */
@NullMarked
package io.memberlist.logging;

import org.jspecify.annotations.NullMarked;
