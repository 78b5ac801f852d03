/**
 * What an application may implement: callbacks and vetoes.
 */
@NullMarked
package io.memberlist.delegate;

import org.jspecify.annotations.NullMarked;
