/** Members of the cluster as instances of services, for Spring Cloud. */
@NullMarked
package io.memberlist.spring.boot.discovery;

import org.jspecify.annotations.NullMarked;
