package io.memberlist.simulator.fuzz.check;

import io.memberlist.member.MemberEvent;

/**
 * Where the processor is too slow for the cluster and nothing else goes wrong, no application is told that a member has failed: all run,
 * and whoever hears nothing of them in time is late itself.
 */
public final class LateMembersStay implements Checker {
    @Override
    public void observe(Observation observation, Report report) {
        if (observation instanceof Observation.EventDelivered told
                && told.event() instanceof MemberEvent.Failed failed) {
            report.violated(told.observer() + " is told that " + failed.member() + " has failed, which is only late");
        }
    }
}
