/**
 * Micrometer observations of cluster messages, which carry a trace from member to member.
 */
@NullMarked
package io.memberlist.spring.observation;

import org.jspecify.annotations.NullMarked;
