package io.memberlist.simulator.fuzz.check;

import io.memberlist.member.Member;

/**
 * The address and the metadata that one observer knows of a member change only with its incarnation. This also holds
 * for forged updates: at a known incarnation they have no effect. Taking over a name is the exception.
 */
public final class UpdatesNeedNewIncarnation implements Checker {
    private final PerMember<Member> last = new PerMember<>();

    @Override
    public void observe(Observation observation, Report report) {
        if (!(observation instanceof Observation.MemberChanged seen) || seen.after() == null) {
            return;
        }
        Member before = last.get(seen.observer(), seen.member());
        Member after = seen.after();
        if (before != null && before.incarnation() == after.incarnation()) {
            boolean moved = !before.address().equals(after.address());
            boolean takenOver = moved && !before.state().isLive();
            if (!takenOver && (moved || !before.sameMeta(after))) {
                report.violated(seen.observer() + " knew " + before + " and now " + after);
            }
        }
        last.put(seen.observer(), seen.member(), after);
    }
}
