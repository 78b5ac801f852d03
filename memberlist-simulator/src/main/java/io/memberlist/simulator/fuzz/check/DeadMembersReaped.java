package io.memberlist.simulator.fuzz.check;

import io.memberlist.config.MemberlistConfig;
import io.memberlist.member.Member;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * Members that failed or left are removed from the member table after the time in which gossip reaches the dead and one
 * round of probes, which takes longer if the local health is bad.
 */
public final class DeadMembersReaped implements Checker {
    private final PerMember<Member> ended = new PerMember<>();
    private final Map<String, Instant> disturbed = new HashMap<>();
    private final Duration kept;

    public DeadMembersReaped(MemberlistConfig config, int members) {
        Duration probe =
                config.probe().interval().multipliedBy(config.suspicion().awarenessMaxMultiplier() + 1L);
        this.kept = config.gossip().toTheDeadTime().plus(probe.multipliedBy(members + 2L));
    }

    @Override
    public void observe(Observation observation, Report report) {
        if (observation instanceof Observation.MemberChanged seen) {
            Member after = seen.after();
            if (after == null || after.state().isLive()) {
                ended.remove(seen.observer(), seen.member());
            } else if (!seen.member().equals(Observation.node(seen.observer()))) {
                ended.put(seen.observer(), seen.member(), after);
            }
        } else if (observation instanceof Observation.Disturbed one) {
            disturbed.put(one.observer(), one.now());
        } else if (observation instanceof Observation.ResourcesHeld holds) {
            for (Member member : ended.of(holds.observer()).values()) {
                Instant since = disturbed.getOrDefault(holds.observer(), member.stateSince());
                Instant from = since.isAfter(member.stateSince()) ? since : member.stateSince();
                if (Duration.between(from, holds.now()).compareTo(kept) > 0) {
                    report.violated(holds.observer() + " still keeps " + member + ", longer than " + kept);
                }
            }
        }
    }
}
