/** A cluster in memory for the tests of applications, with a network that the test controls. */
@NullMarked
package io.memberlist.spring.boot.test;

import org.jspecify.annotations.NullMarked;
