package io.memberlist.simulator.fuzz;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.slf4j.LoggerFactory;

/** Switches the log of the engine off: it has no value while thousands of members fail on purpose. */
final class Logs {
    private Logs() {}

    static void quiet() {
        if (LoggerFactory.getLogger("io.memberlist") instanceof Logger logger) {
            logger.setLevel(Level.OFF);
        }
    }
}
