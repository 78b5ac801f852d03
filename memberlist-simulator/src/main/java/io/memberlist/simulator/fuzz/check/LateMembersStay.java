package io.memberlist.simulator.fuzz.check;

import io.memberlist.member.Member;
import io.memberlist.member.MemberEvent;
import io.memberlist.member.MemberState;

/**
 * Where the processor is too slow for the cluster and nothing else goes wrong, nobody takes a member for failed, and no application is
 * told so: all run, and whoever hears nothing of them in time is late itself.
 */
public final class LateMembersStay implements Checker {
    @Override
    public void observe(Observation observation, Report report) {
        if (observation instanceof Observation.EventDelivered told
                && told.event() instanceof MemberEvent.Failed failed) {
            failed(told.observer(), failed.member(), report);
        } else if (observation instanceof Observation.MemberChanged seen
                && seen.after() != null
                && seen.after().state() == MemberState.DEAD) {
            // The failure of a degraded member is no event.
            failed(seen.observer(), seen.after(), report);
        }
    }

    private static void failed(String observer, Member member, Report report) {
        report.violated(observer + " finds that " + member + " has failed, which is only late");
    }
}
