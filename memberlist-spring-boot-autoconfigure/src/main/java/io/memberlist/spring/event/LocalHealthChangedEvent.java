package io.memberlist.spring.event;

import io.memberlist.Memberlist;
import io.memberlist.member.Member;

/**
 * Lifeguard's local health score changed: this member noticed that it is itself slow or cut off, or no longer is.
 * Delivered in the same manner as the membership events.
 */
public final class LocalHealthChangedEvent extends MemberlistEvent {
    private static final long serialVersionUID = 1L;

    private final transient Member member;
    private final int score;

    /**
     * @param memberlist the member whose health it is
     * @param score 0 is healthy, higher is worse
     */
    public LocalHealthChangedEvent(Memberlist memberlist, int score) {
        super(memberlist);
        this.member = memberlist.localMember();
        this.score = score;
    }

    /** {@return the local member} */
    public Member member() {
        return member;
    }

    /** {@return the score after the change: 0 is healthy, higher is worse} */
    public int score() {
        return score;
    }

    /** {@return whether the score is 0} */
    public boolean isHealthy() {
        return score == 0;
    }

    @Override
    public String toString() {
        return "LocalHealthChangedEvent[" + score + "]";
    }
}
