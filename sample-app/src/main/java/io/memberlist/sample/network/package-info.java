/** A fault-injecting network: the real one, with faults that users set. Only the sample needs it. */
@NullMarked
package io.memberlist.sample.network;

import org.jspecify.annotations.NullMarked;
