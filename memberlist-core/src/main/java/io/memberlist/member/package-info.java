/**
 * Values about members: immutable, and the exceptions that callers see. Knows no other package.
 */
@NullMarked
package io.memberlist.member;

import org.jspecify.annotations.NullMarked;
