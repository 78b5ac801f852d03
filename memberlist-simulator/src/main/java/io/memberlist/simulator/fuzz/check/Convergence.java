package io.memberlist.simulator.fuzz.check;

import io.memberlist.member.Member;
import io.memberlist.member.MemberState;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * After faults and forged updates have ended, every live node sees every live node as it is, and no other one as live.
 */
public final class Convergence implements Checker {
    @Override
    public void observe(Observation observation, Report report) {
        if (observation instanceof Observation.HealingOver healed) {
            missing(healed.view(), healed.expected())
                    .ifPresent(what -> report.violated(healed.observer() + " did not heal: " + what));
        }
    }

    /** {@return the first difference between what is seen and what is true} */
    public static Optional<String> missing(Map<String, Member> view, Map<String, Observation.ActualState> expected) {
        for (Map.Entry<String, Observation.ActualState> one : expected.entrySet()) {
            Member seen = view.get(one.getKey());
            if (!asItIs(seen, one.getValue())) {
                return Optional.of(one.getKey() + " lives at " + one.getValue().address() + " and is seen as "
                        + (seen == null ? "nothing" : seen.toString()));
            }
        }
        return view.values().stream()
                .filter(member -> member.state().isLive() && !expected.containsKey(member.name()))
                .findFirst()
                .map(member -> member + " is no live node");
    }

    private static boolean asItIs(@Nullable Member seen, Observation.ActualState truth) {
        return seen != null
                && seen.state() == MemberState.ALIVE
                && seen.address().equals(truth.address())
                && Arrays.equals(seen.meta(), truth.meta());
    }
}
