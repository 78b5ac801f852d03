package io.memberlist.simulator.fuzz.check;

import io.memberlist.config.MemberlistConfig;
import io.memberlist.member.Member;
import io.memberlist.member.MemberEvent;
import io.memberlist.member.MemberState;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Events follow the order of the protocol: only a joined member is suspected, only a suspected member recovers. No
 * event is repeated, and at the end of a run the events add up to what the observer knows, so none was lost. This also
 * holds for forged updates.
 *
 * <p>Of a degraded member, no suspicion is told. It may be told as live while it is dead for so long as the settings say, and as
 * failed while it lives, until it is stable.
 */
public final class EventOrder implements Checker {
    private static final Duration SLACK = Duration.ofSeconds(2);

    private final Duration failAfter;
    private final PerMember<Member> told = new PerMember<>();
    private final PerMember<MemberEvent> degraded = new PerMember<>();
    private final PerMember<Instant> deadSince = new PerMember<>();
    private final Map<String, Instant> clocks = new HashMap<>();

    public EventOrder(MemberlistConfig config) {
        this.failAfter = config.flapping().failAfter();
    }

    @Override
    public void observe(Observation observation, Report report) {
        if (observation instanceof Observation.EventDelivered one) {
            told(one.observer(), one.event(), report);
        } else if (observation instanceof Observation.MemberChanged changed) {
            changed(changed);
        } else if (observation instanceof Observation.ResourcesHeld held) {
            clocks.put(held.observer(), held.now());
        } else if (observation instanceof Observation.RunEnded ended) {
            compare(ended, report);
        }
    }

    private void told(String observer, MemberEvent event, Report report) {
        String name = event.member().name();
        Member before = told.get(observer, name);
        boolean isDegraded = degraded.get(observer, name) != null;
        if (!(isDegraded ? followsWhileDegraded(before, event) : follows(before, event))) {
            report.violated(observer + " was told " + event + " after "
                    + (before == null ? "nothing" : before.toString()) + (isDegraded ? ", which is degraded" : ""));
        }
        if (event instanceof MemberEvent.Degraded) {
            // It says nothing of whether the member lives.
            degraded.put(observer, name, event);
            return;
        }
        if (!(event instanceof MemberEvent.Failed || event instanceof MemberEvent.Updated)) {
            degraded.remove(observer, name);
        }
        told.put(observer, name, event.member());
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
        } else if (event instanceof MemberEvent.Stabilized) {
            // That it was degraded is left out for an application that does not keep up.
            return state.isLive() && now == MemberState.ALIVE;
        } else if (event instanceof MemberEvent.Degraded) {
            return state.isLive() || before != null && now == MemberState.ALIVE;
        }
        return event instanceof MemberEvent.Updated && state == now && state.isLive();
    }

    private static boolean followsWhileDegraded(@Nullable Member before, MemberEvent event) {
        boolean lived = before != null && before.state().isLive();
        MemberState now = event.member().state();
        if (event instanceof MemberEvent.Suspected || event instanceof MemberEvent.Recovered) {
            return false;
        } else if (event instanceof MemberEvent.Updated) {
            return lived && now.isLive();
        }
        // One that was told as failed is no longer degraded some time after its end, which is not told.
        return event instanceof MemberEvent.Degraded ? !lived && now == MemberState.ALIVE : follows(before, event);
    }

    private void changed(Observation.MemberChanged changed) {
        Member after = changed.after();
        if (after != null && after.state().isLive()) {
            deadSince.remove(changed.observer(), changed.member());
        } else if (after != null && deadSince.get(changed.observer(), changed.member()) == null) {
            // Not by the clock that was seen last: the observer may have stood still since.
            deadSince.put(changed.observer(), changed.member(), after.stateSince());
        }
    }

    private void compare(Observation.RunEnded ended, Report report) {
        Map<String, Member> heard = told.of(ended.observer());
        for (Member member : ended.view().values()) {
            Member last = heard.get(member.name());
            if (last == null || !isAsTold(ended.observer(), member, last)) {
                report.violated(ended.observer() + " knows " + member + " and was last told "
                        + (last == null ? "nothing" : last.toString()));
            }
        }
        heard.values().stream()
                .filter(member -> member.state().isLive())
                .filter(member -> !ended.view().containsKey(member.name()))
                .filter(member -> !mayBelieveAlive(ended.observer(), member.name()))
                .forEach(member ->
                        report.violated(ended.observer() + " was last told " + member + " and does not know it"));
    }

    private boolean isAsTold(String observer, Member member, Member last) {
        boolean isDegraded = degraded.get(observer, member.name()) != null;
        if (!isDegraded) {
            return last.state() == member.state() && last.sameMeta(member);
        } else if (!last.state().isLive()) {
            return true;
        }
        return member.state().isLive() ? last.sameMeta(member) : mayBelieveAlive(observer, member.name());
    }

    /** {@return whether a degraded member has not been dead for long} */
    private boolean mayBelieveAlive(String observer, String member) {
        Instant since = deadSince.get(observer, member);
        Instant now = clocks.get(observer);
        return degraded.get(observer, member) != null
                && (since == null
                        || now == null
                        || !now.isAfter(since.plus(failAfter).plus(SLACK)));
    }
}
