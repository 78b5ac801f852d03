/** For the tests of applications: a cluster in memory, whose network obeys the test. */
@NullMarked
package io.memberlist.spring.boot.test;

import org.jspecify.annotations.NullMarked;
