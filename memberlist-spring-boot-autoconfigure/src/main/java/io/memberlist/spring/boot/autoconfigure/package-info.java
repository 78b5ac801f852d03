/**
 * Auto-configuration of a member from {@code memberlist.*} properties.
 */
@NullMarked
package io.memberlist.spring.boot.autoconfigure;

import org.jspecify.annotations.NullMarked;
