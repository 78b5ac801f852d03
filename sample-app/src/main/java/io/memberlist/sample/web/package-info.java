/**
 * What the page shows and asks for: views of the cluster as server-sent events, and the things to do as POST requests.
 */
@NullMarked
package io.memberlist.sample.web;

import org.jspecify.annotations.NullMarked;
