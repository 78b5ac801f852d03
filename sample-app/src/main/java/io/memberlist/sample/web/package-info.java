/** The interface of the page: views of the cluster as server-sent events, and actions as POST requests. */
@NullMarked
package io.memberlist.sample.web;

import org.jspecify.annotations.NullMarked;
