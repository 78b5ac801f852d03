package io.memberlist.simulator.fuzz.check;

import io.memberlist.config.MemberlistConfig;
import io.memberlist.member.Member;
import io.memberlist.member.MemberState;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/**
 * Where the processor was too slow for the cluster and nothing else went wrong, the cluster is quiet again within a bound after the
 * load has gone: no member is suspected or taken for gone, no work waits, and no more packets are sent than by a quiet cluster. It
 * must not keep itself busy with accusations and refutations.
 */
public final class QuietAfterOverload implements Checker {
    private static final Duration BOUND = Duration.ofSeconds(20);
    private static final Duration MEASURED = Duration.ofSeconds(20);
    /** Pings, answers, and gossip of an incarnation now and then. */
    private static final int PACKETS_A_PROBE = 4;

    private static final int WAITING_PER_MEMBER = 3;

    private final double packetsASecond;
    /** What each process believes of members other than that they are alive, which all are. */
    private final PerMember<String> mistaken = new PerMember<>();

    private final Set<String> reported = new HashSet<>();
    private long packets;

    public QuietAfterOverload(MemberlistConfig config) {
        this.packetsASecond = PACKETS_A_PROBE * 1e9 / config.probe().interval().toNanos();
    }

    @Override
    public void observe(Observation observation, Report report) {
        if (observation instanceof Observation.MemberChanged changed) {
            Member after = changed.after();
            if (after != null && after.state() == MemberState.ALIVE) {
                mistaken.remove(changed.observer(), changed.member());
            } else {
                mistaken.put(
                        changed.observer(),
                        changed.member(),
                        after == null ? "gone" : after.state().name());
            }
        } else if (observation instanceof Observation.PacketSent) {
            packets++;
        } else if (observation instanceof Observation.LoadGone gone) {
            judge(gone, report);
        }
    }

    private void judge(Observation.LoadGone gone, Report report) {
        Duration measured = gone.since().minus(BOUND);
        if (measured.isNegative() || measured.isZero()) {
            packets = 0;
            return;
        }
        for (String observer : gone.processes()) {
            mistaken.of(observer).forEach((member, state) -> {
                if (reported.add(observer + " " + member)) {
                    report.violated(observer + " takes " + member + " for " + state + ", " + gone.since()
                            + " after the load has gone");
                }
            });
        }
        int members = gone.processes().size();
        if (gone.waiting() > WAITING_PER_MEMBER * members && reported.add("waiting")) {
            report.violated(
                    gone.waiting() + " tasks wait for the processor, " + gone.since() + " after the load has gone");
        }
        double most = packetsASecond * members * measured.toNanos() / 1e9;
        if (measured.compareTo(MEASURED) >= 0 && packets > most && reported.add("packets")) {
            report.violated(members + " members have sent " + packets + " packets in " + measured
                    + " after the load has gone, more than " + (long) most);
        }
    }
}
