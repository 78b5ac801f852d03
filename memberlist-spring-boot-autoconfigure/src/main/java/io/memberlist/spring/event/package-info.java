/**
 * What happens in the cluster, as application events.
 */
@NullMarked
package io.memberlist.spring.event;

import org.jspecify.annotations.NullMarked;
