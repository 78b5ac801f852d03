package io.memberlist.simulator.fuzz.check;

import io.memberlist.member.Member;
import io.memberlist.member.MemberEvent;
import io.memberlist.member.MemberState;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Events follow the order of the protocol: only a joined member is suspected, only a suspected member recovers. No
 * event is repeated, and at the end of a run the events add up to what the observer knows, so none was lost. This also
 * holds for forged updates.
 */
public final class EventOrder implements Checker {
    private final PerMember<Member> told = new PerMember<>();

    @Override
    public void observe(Observation observation, Report report) {
        if (observation instanceof Observation.EventDelivered one) {
            MemberEvent event = one.event();
            Member before = told.get(one.observer(), event.member().name());
            if (!follows(before, event)) {
                report.violated(one.observer() + " was told " + event + " after "
                        + (before == null ? "nothing" : before.toString()));
            }
            told.put(one.observer(), event.member().name(), event.member());
        } else if (observation instanceof Observation.RunEnded ended) {
            compare(ended, report);
        }
    }

    private static boolean follows(@Nullable Member before, MemberEvent event) {
        MemberState state = before == null ? MemberState.DEAD : before.state();
        MemberState now = event.member().state();
        if (event instanceof MemberEvent.Joined) {
            return !state.isLive() && now == MemberState.ALIVE;
        } else if (event instanceof MemberEvent.Suspected) {
            return state == MemberState.ALIVE && now == MemberState.SUSPECT;
        } else if (event instanceof MemberEvent.Recovered) {
            return state == MemberState.SUSPECT && now == MemberState.ALIVE;
        } else if (event instanceof MemberEvent.Failed) {
            return state.isLive() && now == MemberState.DEAD;
        } else if (event instanceof MemberEvent.Left) {
            return state.isLive() && now == MemberState.LEFT;
        }
        return event instanceof MemberEvent.Updated && state == now && state.isLive();
    }

    private void compare(Observation.RunEnded ended, Report report) {
        Map<String, Member> heard = told.of(ended.observer());
        for (Member member : ended.view().values()) {
            Member last = heard.get(member.name());
            if (last == null || last.state() != member.state() || !last.sameMeta(member)) {
                report.violated(ended.observer() + " knows " + member + " and was last told "
                        + (last == null ? "nothing" : last.toString()));
            }
        }
        heard.values().stream()
                .filter(member -> member.state().isLive())
                .filter(member -> !ended.view().containsKey(member.name()))
                .forEach(member ->
                        report.violated(ended.observer() + " was last told " + member + " and does not know it"));
    }
}
