/** Announces the application as an instance of a service, and shows instances to Spring Cloud. */
@NullMarked
package io.memberlist.spring.boot.discovery;

import org.jspecify.annotations.NullMarked;
