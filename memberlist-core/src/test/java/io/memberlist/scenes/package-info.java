/**
 * Members on hosts of their own: network namespaces with interfaces, routes, names and faults as real machines have them.
 */
@NullMarked
package io.memberlist.scenes;

import org.jspecify.annotations.NullMarked;
