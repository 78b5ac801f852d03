package io.memberlist.delegate;

import io.memberlist.Member;

/**
 * A change in the membership as a value, for those who take changes from a queue.
 *
 * @param type what happened
 * @param member the member, as it was right after the change
 */
public record MemberEvent(Type type, Member member) {
    /** What happened to a member; each is one of the methods of {@link EventDelegate}. */
    public enum Type {
        /** {@link EventDelegate#memberJoined} */
        JOINED,
        /** {@link EventDelegate#memberSuspected} */
        SUSPECTED,
        /** {@link EventDelegate#memberRecovered} */
        RECOVERED,
        /** {@link EventDelegate#memberFailed} */
        FAILED,
        /** {@link EventDelegate#memberLeft} */
        LEFT,
        /** {@link EventDelegate#memberUpdated} */
        UPDATED
    }
}
