package io.memberlist.simulator.fuzz.check;

import java.io.PrintWriter;
import java.io.StringWriter;

/** No exception leaves an event loop. */
public final class NoUncaughtExceptions implements Checker {
    @Override
    public void observe(Observation observation, Report report) {
        if (observation instanceof Observation.UncaughtException escaped) {
            StringWriter trace = new StringWriter();
            escaped.failure().printStackTrace(new PrintWriter(trace));
            report.violated("an event loop threw " + trace);
        }
    }
}
