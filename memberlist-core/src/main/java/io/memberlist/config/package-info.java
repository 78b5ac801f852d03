/**
 * The settings of a member, in groups: each group is a record that checks its bounds, with a builder for its settings and
 * their defaults. The path of a setting, its group and its name, is its name in error messages and, in kebab case, in the
 * properties of an application.
 */
@NullMarked
package io.memberlist.config;

import org.jspecify.annotations.NullMarked;
