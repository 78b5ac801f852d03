@NullMarked
package io.memberlist.spring.boot.test;

import org.jspecify.annotations.NullMarked;
