/** Members as instances of services, with or without Spring Cloud. */
@NullMarked
package io.memberlist.spring.discovery;

import org.jspecify.annotations.NullMarked;
