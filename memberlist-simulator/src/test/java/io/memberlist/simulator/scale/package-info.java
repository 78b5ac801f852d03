@NullMarked
package io.memberlist.simulator.scale;

import org.jspecify.annotations.NullMarked;
