/**
 * Cluster membership, failure detection and messaging: what an application sees.
 */
@NullMarked
package io.memberlist;

import org.jspecify.annotations.NullMarked;
