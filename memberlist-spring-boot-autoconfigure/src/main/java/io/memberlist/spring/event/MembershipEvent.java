package io.memberlist.spring.event;

import io.memberlist.Memberlist;
import io.memberlist.member.Member;

/**
 * A change in the membership. Listeners are called off the protocol's thread, one event at a time and in the order of the
 * changes. A listener that is slow or throws an exception does not disturb the protocol.
 */
public abstract sealed class MembershipEvent extends MemberlistEvent
        permits MemberJoinedEvent,
                MemberSuspectedEvent,
                MemberRecoveredEvent,
                MemberFailedEvent,
                MemberLeftEvent,
                MemberUpdatedEvent,
                MemberDegradedEvent,
                MemberStabilizedEvent {
    private final transient Member member;

    MembershipEvent(Memberlist memberlist, Member member) {
        super(memberlist);
        this.member = member;
    }

    /** {@return the member as it was known right after the change} */
    public Member member() {
        return member;
    }

    /** {@return whether the event is about the local member itself} */
    public boolean isLocal() {
        return member.name().equals(memberlist().localMember().name());
    }

    @Override
    public String toString() {
        return getClass().getSimpleName() + "[" + member + "]";
    }
}
