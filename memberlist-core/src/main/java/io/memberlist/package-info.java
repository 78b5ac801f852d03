/**
 * Cluster membership and failure detection: what an application sees.
 */
@NullMarked
package io.memberlist;

import org.jspecify.annotations.NullMarked;
