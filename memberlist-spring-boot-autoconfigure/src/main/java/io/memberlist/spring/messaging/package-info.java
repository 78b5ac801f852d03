/**
 * Cluster messages as objects: topics by type, conversion, and methods that answer requests.
 */
@NullMarked
package io.memberlist.spring.messaging;

import org.jspecify.annotations.NullMarked;
