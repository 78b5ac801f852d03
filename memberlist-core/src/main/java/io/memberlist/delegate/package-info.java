/**
 * What an application may implement: callbacks and vetoes. Knows the values in {@code io.memberlist.member} and nothing else.
 */
@NullMarked
package io.memberlist.delegate;

import org.jspecify.annotations.NullMarked;
