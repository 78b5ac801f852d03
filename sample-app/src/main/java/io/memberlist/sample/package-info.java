/**
 * A Spring Boot application that shows the cluster it is a member of.
 */
@NullMarked
package io.memberlist.sample;

import org.jspecify.annotations.NullMarked;
