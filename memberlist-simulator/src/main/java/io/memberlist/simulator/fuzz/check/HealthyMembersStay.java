package io.memberlist.simulator.fuzz.check;

import io.memberlist.config.MemberlistConfig;
import io.memberlist.member.Member;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Whatever one liar sends, no running process takes another one for gone, or for somewhere else, for longer than a bound. This
 * is for runs in which nothing else goes wrong.
 *
 * <p>The longest sequence is: a name is claimed from where nobody answers, the claim is found false by a suspicion that
 * nobody confirms, and the next state exchange tells of the true holder.
 */
public final class HealthyMembersStay implements Checker {
    private final long boundNanos;
    /** The addresses of the nodes whose processes run and take part. */
    private final Map<String, InetSocketAddress> healthy = new HashMap<>();

    private final Map<String, Instant> clocks = new HashMap<>();
    private final PerMember<Instant> lostSince = new PerMember<>();
    private final Set<String> reported = new HashSet<>();

    /** @param names the number of nodes, and of names that liars can invent */
    public HealthyMembersStay(MemberlistConfig config, int names) {
        double scale = Math.max(1, Math.log10(names));
        double suspicion = scale
                * config.suspicion().multiplier()
                * config.suspicion().maxTimeoutMultiplier()
                * config.probe().interval().toNanos();
        this.boundNanos = (long) suspicion + config.stateSync().interval().toNanos();
    }

    @Override
    public void observe(Observation observation, Report report) {
        if (observation instanceof Observation.ProcessStarted started) {
            healthy.put(started.node(), started.address());
        } else if (observation instanceof Observation.ProcessStopped stopped) {
            gone(stopped.observer());
        } else if (observation instanceof Observation.Leaving leaving) {
            gone(leaving.observer());
        } else if (observation instanceof Observation.PacketReceived received) {
            clocks.put(received.observer(), received.now());
        } else if (observation instanceof Observation.MemberChanged changed) {
            changed(changed);
        } else if (observation instanceof Observation.ResourcesHeld held) {
            clocks.put(held.observer(), held.now());
            judge(held, report);
        }
    }

    private void gone(String process) {
        healthy.remove(Observation.node(process));
        lostSince.forget(process);
    }

    private void changed(Observation.MemberChanged changed) {
        Member after = changed.after();
        InetSocketAddress truth = healthy.get(changed.member());
        if (after != null && after.state().isLive() && after.address().equals(truth)) {
            lostSince.remove(changed.observer(), changed.member());
        } else if (truth != null && lostSince.get(changed.observer(), changed.member()) == null) {
            Instant now = clocks.get(changed.observer());
            if (now != null) {
                lostSince.put(changed.observer(), changed.member(), now);
            }
        }
    }

    private void judge(Observation.ResourcesHeld held, Report report) {
        lostSince.of(held.observer()).forEach((member, since) -> {
            if (!healthy.containsKey(member)) {
                return;
            }
            Duration lost = Duration.between(since, held.now());
            if (lost.toNanos() > boundNanos && reported.add(held.observer() + " " + member)) {
                report.violated(held.observer() + " has not known for " + lost.toSeconds() + " s that " + member
                        + " lives at " + healthy.get(member) + ", which nothing but lies can explain");
            }
        });
    }
}
