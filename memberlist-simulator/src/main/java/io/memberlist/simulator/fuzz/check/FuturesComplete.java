package io.memberlist.simulator.fuzz.check;

import io.memberlist.member.MemberlistException;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeoutException;

/**
 * Every future of a message, request or broadcast completes. A failure is one of the documented ones. Futures also
 * complete when the process is shut down, but not when it crashes. At the end a run gets time until none is open.
 */
public final class FuturesComplete implements Checker {
    private final Map<String, Map<Long, Observation.ClusterMessageSent>> open = new HashMap<>();

    @Override
    public void observe(Observation observation, Report report) {
        if (observation instanceof Observation.ClusterMessageSent posted) {
            open.computeIfAbsent(posted.observer(), process -> new HashMap<>()).put(posted.serial(), posted);
        } else if (observation instanceof Observation.ClusterMessageCompleted done) {
            if (of(done.observer()).remove(done.serial()) == null) {
                report.violated(done.text() + ", which was not open");
            }
            Throwable failure = done.failure();
            if (failure != null
                    && !(failure instanceof MemberlistException)
                    && !(failure instanceof IOException)
                    && !(failure instanceof TimeoutException)) {
                report.violated(done.text() + ", which is no failure that callers are told of");
            }
        } else if (observation instanceof Observation.TimersLeft left) {
            complain(left.observer(), " was shut down, and never done with ", report);
        } else if (observation instanceof Observation.RunEnded ended) {
            complain(ended.observer(), " is not done with ", report);
        }
    }

    private Map<Long, Observation.ClusterMessageSent> of(String process) {
        return open.getOrDefault(process, new HashMap<>());
    }

    private void complain(String process, String how, Report report) {
        of(process).values().stream()
                .findFirst()
                .ifPresent(posted ->
                        report.violated(process + how + posted.text() + " at " + posted.nanos() / 1e9 + " s"));
    }
}
