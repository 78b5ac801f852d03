/**
 * Auto-configuration of what Actuator shows: the endpoint, the info contributor, the hiding of keys.
 */
@NullMarked
package io.memberlist.spring.boot.autoconfigure.actuate;

import org.jspecify.annotations.NullMarked;
