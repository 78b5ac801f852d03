/**
 * A network that can be hurt: the real one, behind conditions that people set. Needed to play with a cluster, and by no
 * application otherwise.
 */
@NullMarked
package io.memberlist.sample.network;

import org.jspecify.annotations.NullMarked;
