/**
 * The ports of the protocol in virtual time, for simulators and for tests that must not wait. Everything runs on one thread,
 * in an order fixed by a seed.
 */
@NullMarked
package io.memberlist.transport.virtual;

import org.jspecify.annotations.NullMarked;
