/** Whom a member trusts in TLS connections, and what it proves itself with, without types of the library that makes them. */
@NullMarked
package io.memberlist.transport.tls;

import org.jspecify.annotations.NullMarked;
